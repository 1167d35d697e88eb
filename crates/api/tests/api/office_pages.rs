//! A browser in the office: pages, forms and a cookie, without scripts.

use testkit::{App, http};

/// Somebody with a browser.
pub struct Browser {
    client: reqwest::Client,
    address: String,
    cookie: Option<String>,
}

/// A page as it came.
pub struct Seen {
    pub status: u16,
    pub location: Option<String>,
    /// The cookie that it sets.
    pub cookie: Option<String>,
    pub html: String,
}

/// Only what the page is about: the rest is the same on every page.
impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let main = self.html.split("<main").nth(1).unwrap_or_default();
        write!(f, "{} {:?} {main}", self.status, self.location)
    }
}

impl Browser {
    /// Somebody who is not logged in.
    pub fn stranger(app: &App) -> Self {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { client: client.build().unwrap(), address: app.url("/office/"), cookie: None }
    }

    pub async fn login(app: &App, username: &str, password: &str) -> Self {
        let stranger = Self::stranger(app);
        let seen = stranger.send("login", &[("username", username), ("password", password)]).await.expect(303);
        Self { cookie: seen.cookie, ..stranger }
    }

    pub async fn admin(app: &App) -> Self {
        Self::login(app, "admin", testkit::ADMIN_PASSWORD).await
    }

    /// The same browser with the cookie that a page has set.
    pub fn with_cookie_of(&self, seen: &Seen) -> Self {
        Self { client: http(), address: self.address.clone(), cookie: seen.cookie.clone() }
    }

    /// Opens a page, such as `orders`.
    pub async fn open(&self, page: &str) -> Seen {
        self.ask(self.client.get(format!("{}{page}", self.address))).await
    }

    /// Sends these fields to a page, and no others.
    pub async fn send(&self, page: &str, fields: &[(&str, &str)]) -> Seen {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(format!("{}{page}", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.ask(request.body(body)).await
    }

    /// Opens the form of a page, fills in these fields and sends it with its hidden ones.
    pub async fn fill(&self, page: &str, fields: &[(&str, &str)]) -> Seen {
        self.open(page).await.expect(200).send(self, page, fields).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Seen {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let cookie = header("set-cookie").map(|cookie| cookie.split(';').next().unwrap().to_owned());
        let (status, location) = (answer.status().as_u16(), header("location"));
        Seen { status, location, cookie, html: answer.text().await.unwrap() }
    }
}

impl Seen {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Expects that an action has led to another page.
    #[track_caller]
    pub fn expect_to(self, place: &str) -> Self {
        assert!(self.status == 303 && self.location.as_deref().unwrap().ends_with(place), "{self:?}");
        self
    }

    /// Expects that the page shows this.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(self.html.contains(text), "no {text:?} in {self:?}");
        self
    }

    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.html.contains(text), "{text:?} in {self:?}");
        self
    }

    /// Sends the form of this page again with these fields and the hidden ones of the page.
    pub async fn send(&self, browser: &Browser, page: &str, fields: &[(&str, &str)]) -> Seen {
        let hidden = self.hidden();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        browser.send(page, &all).await
    }

    /// The hidden fields of the form in the page.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let main = self.html.split("<main").nth(1).unwrap();
        let inputs = main.split("<input type=\"hidden\" name=\"").skip(1);
        let pair = |input: &str| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        };
        inputs.map(pair).collect()
    }
}

/// Opens every page as nobody, as somebody whose role does not have its scope, and as an administrator. A page that
/// changes something is tried with an empty form, which changes nothing.
pub async fn expect_guarded(app: &App, without: &Browser, pages: &[String]) {
    let (nobody, admin) = (Browser::stranger(app), Browser::admin(app).await);
    for page in pages {
        let seen = nobody.open(page).await.expect(303);
        assert!(seen.location.unwrap().contains("login"), "{page}");
        without.open(page).await.expect(403).shows("which your role does not have");
        admin.open(page).await.expect(200);
    }
}
