//! A browser without scripts: it keeps the cookie, and reads and sends forms.

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use scraper::{ElementRef, Html, Selector};
use testkit::App;

/// A browser of somebody.
pub struct Browser {
    client: reqwest::Client,
    address: String,
    cookie: Option<String>,
}

/// A page, or another response.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// What a form has, field by field.
pub type Fields = Vec<(String, String)>;

impl Browser {
    /// A browser in which nobody is logged in.
    pub fn new(app: &App) -> Self {
        Self::at(app.address())
    }

    /// A browser that looks at the office at another address than that of the API, and in which nobody is logged in.
    pub fn at(address: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { client, address: address.to_owned(), cookie: None }
    }

    /// A browser in which somebody has logged in.
    pub async fn of(app: &App, username: &str, password: &str) -> Self {
        let mut browser = Self::new(app);
        let page = browser.log_in(username, password).await;
        assert_eq!(page.status, 303, "{}", page.text);
        browser
    }

    /// A browser of the administrator.
    pub async fn admin(app: &App) -> Self {
        Self::of(app, "admin", testkit::ADMIN_PASSWORD).await
    }

    /// Sends the form of the login page.
    pub async fn log_in(&mut self, username: &str, password: &str) -> Page {
        let page = self.send("login", &[("username", username), ("password", password)]).await;
        let cookie = page.headers.get(SET_COOKIE).map(|cookie| cookie.to_str().unwrap());
        if let Some((pair, _)) = cookie.and_then(|cookie| cookie.split_once(';')) {
            self.cookie = Some(pair.to_owned());
        }
        page
    }

    /// The cookie of the session, as it is sent.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// The browser with another cookie.
    pub fn with_cookie(&self, cookie: Option<&str>) -> Self {
        Self { client: self.client.clone(), address: self.address.clone(), cookie: cookie.map(ToOwned::to_owned) }
    }

    /// The browser with the cookie that a page has set.
    pub fn with_cookie_of(&self, page: &Page) -> Self {
        self.with_cookie(page.header("set-cookie").split(';').next())
    }

    /// Opens the form of a page, fills in these fields and sends it with its hidden ones, and no others.
    pub async fn fill(&self, page: &str, fields: &[(&str, &str)]) -> Page {
        self.open(page).await.expect(200).send_by(self, page, fields).await
    }

    /// A request for a page of the office.
    pub fn request(&self, method: Method, page: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("http://{}/office/{page}", self.address));
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    /// Opens a page.
    pub async fn open(&self, page: &str) -> Page {
        Page::to(self.request(Method::GET, page)).await
    }

    /// Sends these fields to a page, as one of its own pages would.
    pub async fn send<N: AsRef<str>, V: AsRef<str>>(&self, page: &str, fields: &[(N, V)]) -> Page {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let request = self.request(Method::POST, page).header("sec-fetch-site", "same-origin");
        let body = encoded(&fields);
        Page::to(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    /// Opens the form of an action, fills in these fields, and sends it. Returns the page after it.
    pub async fn act(&self, page: &str, changes: &[(&str, &str)]) -> Page {
        let form = self.open(page).await.expect(200).form();
        self.send(page, &changed(form, changes)).await
    }
}

/// The fields of a form with other values.
pub fn changed(mut fields: Fields, changes: &[(&str, &str)]) -> Fields {
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(known, _)| known == name);
        (*value).clone_into(&mut field.unwrap_or_else(|| panic!("there is no field {name}")).1);
    }
    fields
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://x").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

impl Page {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    /// Expects this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Expects that an action has led to another page.
    #[track_caller]
    pub fn expect_to(self, place: &str) -> Self {
        assert!(self.status == 303 && self.location().ends_with(place), "{} {}", self.location(), self.text);
        self
    }

    /// Expects that the page shows this.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(self.text.contains(text), "no {text:?} in {}", self.main());
        self
    }

    /// Expects that the page does not show this.
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.text.contains(text), "{text:?} in {}", self.main());
        self
    }

    /// What the page is about: the rest is the same on every page.
    fn main(&self) -> &str {
        self.text.split("<main").nth(1).unwrap_or(&self.text)
    }

    /// Sends the form of this page with these fields and its hidden ones.
    pub async fn send_by(&self, browser: &Browser, page: &str, fields: &[(&str, &str)]) -> Page {
        let hidden = self.hidden();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        browser.send(page, &all).await
    }

    /// The hidden fields of the form in the page.
    pub fn hidden(&self) -> Fields {
        let page = Html::parse_document(&self.text);
        let fields = Selector::parse("main form[method=post] input[type=hidden]").unwrap();
        let pair = |field: ElementRef<'_>| {
            Some((field.value().attr("name")?.to_owned(), field.value().attr("value").unwrap_or_default().to_owned()))
        };
        page.select(&fields).filter_map(pair).collect()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The texts of all elements that a selector of CSS names.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        let text = |element: ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
        page.select(&Selector::parse(selector).unwrap()).map(text).collect()
    }

    /// The values of an attribute of all elements that a selector of CSS names.
    pub fn values(&self, selector: &str, attribute: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        let found = page.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>();
        found.iter().filter_map(|element| element.value().attr(attribute)).map(ToOwned::to_owned).collect()
    }

    /// The fields of the form in the middle of the page, as a browser would send them.
    pub fn form(&self) -> Fields {
        self.fields("main form[method=post]")
    }

    /// The fields of the form of the page that is sent to `place`, which is relative to the office.
    pub fn form_of(&self, place: &str) -> Fields {
        self.fields(&format!("main form[method=post][action$='{place}']"))
    }

    fn fields(&self, form: &str) -> Fields {
        let page = Html::parse_document(&self.text);
        let fields = Selector::parse(&format!("{form} :is(input, select, textarea)")).unwrap();
        let chosen = Selector::parse("option[selected]").unwrap();
        let first = Selector::parse("option").unwrap();
        let value = |field: &ElementRef<'_>| match field.value().name() {
            "textarea" => field.text().collect(),
            "select" => {
                let option = field.select(&chosen).next().or_else(|| field.select(&first).next());
                option.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
            }
            _ => field.value().attr("value").unwrap_or_default().to_owned(),
        };
        let is_sent = |field: &ElementRef<'_>| {
            let is_box = matches!(field.value().attr("type"), Some("checkbox" | "radio"));
            !is_box || field.value().attr("checked").is_some()
        };
        let named = |field: ElementRef<'_>| Some((field.value().attr("name")?.to_owned(), value(&field)));
        page.select(&fields).filter(is_sent).filter_map(named).collect()
    }
}

/// Opens pages as nobody, as somebody whose role does not have their scope, and as an administrator.
pub async fn expect_guarded(app: &App, without: &Browser, pages: &[String]) {
    let (nobody, admin) = (Browser::new(app), Browser::admin(app).await);
    for page in pages {
        let seen = nobody.open(page).await.expect(303);
        assert!(seen.location().contains("login"), "{page}");
        without.open(page).await.expect(403).shows("which your role does not have");
        admin.open(page).await.expect(200);
    }
}
