use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use application::mails::{Fields, Item, sample};
use domain::MailTemplate;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};

use super::built_in::BUILT_IN;

/// What the first line of a text begins with.
const SUBJECT: &str = "Subject: ";

/// A mail as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Why a template cannot be used.
#[derive(Debug)]
pub struct TemplateError {
    file: String,
    line: Option<usize>,
    why: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the template {}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.why)
    }
}

impl std::error::Error for TemplateError {}

/// The templates of a shop: those in the program, and files that replace them. A template reaches nothing but what it is
/// given, and other templates.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    folder: Option<PathBuf>,
}

impl Templates {
    /// The templates in the program, and those in a folder that replace them file by file.
    ///
    /// # Errors
    /// Each template that cannot be read, is none, or does not show its sample; and each file in the folder that is no
    /// template.
    pub fn load(folder: Option<&Path>) -> Result<Self, Vec<TemplateError>> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if Path::new(name).extension().is_some_and(|end| end == "html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        let mut wrong = Vec::new();
        let own = folder.map_or_else(Vec::new, |folder| own_files(folder, &mut wrong));
        let templates = Self { environment, folder: folder.map(Path::to_owned) };
        let templates = templates.filled(own, &mut wrong);
        if wrong.is_empty() {
            let failed = |one: &MailTemplate| templates.write(*one, &sample(*one)).err();
            wrong.extend(MailTemplate::ALL.iter().filter_map(failed));
        }
        if wrong.is_empty() { Ok(templates) } else { Err(wrong) }
    }

    fn filled(mut self, own: Vec<(String, String)>, wrong: &mut Vec<TemplateError>) -> Self {
        let built_in = BUILT_IN.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned()));
        for (name, source) in built_in.chain(own) {
            if let Err(error) = self.environment.add_template_owned(name, source) {
                wrong.push(self.error(&error));
            }
        }
        self
    }

    /// Writes a mail.
    ///
    /// # Errors
    /// If a template shows what is not there, or its text has no subject.
    pub fn write(&self, template: MailTemplate, fields: &Fields) -> Result<Written, TemplateError> {
        let values = value_of(fields);
        let name = template.as_str();
        let text = self.render(&format!("{name}.txt"), &values)?;
        let html = self.render(&format!("{name}.html"), &values)?;
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = subject.strip_prefix(SUBJECT).map(str::trim).filter(|subject| !subject.is_empty());
        let subject = subject.ok_or_else(|| TemplateError {
            file: self.file(&format!("{name}.txt")),
            line: Some(1),
            why: format!("must begin with `{SUBJECT}` and the subject of the mail"),
        })?;
        Ok(Written { subject: subject.to_owned(), text: text.trim_start_matches(['\r', '\n']).to_owned(), html })
    }

    fn render(&self, name: &str, values: &Value) -> Result<String, TemplateError> {
        let rendered = self.environment.get_template(name).and_then(|template| template.render(values.clone()));
        rendered.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &minijinja::Error) -> TemplateError {
        // What was included names the place, not what includes it.
        let mut inner = error;
        while let Some(cause) = std::error::Error::source(inner).and_then(|cause| cause.downcast_ref()) {
            inner = cause;
        }
        let why = match (inner.kind(), inner.detail()) {
            (ErrorKind::UndefinedError, None) => "shows a value that there is not".to_owned(),
            (kind, None) => kind.to_string(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
        };
        TemplateError { file: self.file(inner.name().unwrap_or("(unknown)")), line: inner.line(), why }
    }

    /// Where a template is: the file that replaces it, or its name.
    fn file(&self, name: &str) -> String {
        let own = self.folder.as_ref().map(|folder| folder.join(name)).filter(|file| file.is_file());
        own.map_or_else(|| name.to_owned(), |file| file.display().to_string())
    }
}

/// The files of a folder that replace templates, by name.
fn own_files(folder: &Path, wrong: &mut Vec<TemplateError>) -> Vec<(String, String)> {
    let mut refuse = |file: &Path, why: String| {
        wrong.push(TemplateError { file: file.display().to_string(), line: None, why });
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            refuse(folder, format!("the folder cannot be read: {error}"));
            return Vec::new();
        }
    };
    let mut own = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // Files of editors and systems.
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        if !BUILT_IN.iter().any(|(known, _)| *known == name) {
            let known: Vec<_> = BUILT_IN.iter().map(|(known, _)| *known).collect();
            refuse(&path, format!("is no template; allowed are: {}", known.join(", ")));
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(source) => own.push((name.to_owned(), source)),
            Err(error) => refuse(&path, format!("cannot be read: {error}")),
        }
    }
    own.sort();
    own
}

fn value_of(fields: &Fields) -> Value {
    let values: BTreeMap<&str, Value> = fields.iter().map(|(name, item)| (*name, item_value(item))).collect();
    values.into()
}

fn item_value(item: &Item) -> Value {
    match item {
        Item::Text(text) => Value::from(text.as_str()),
        Item::Nothing => Value::from(()),
        Item::List(items) => items.iter().map(value_of).collect::<Vec<_>>().into(),
        Item::Fields(fields) => value_of(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, source: &str) -> Result<Templates, Vec<TemplateError>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), source).unwrap();
        Templates::load(Some(folder.path()))
    }

    fn error(name: &str, source: &str) -> String {
        with(name, source).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_mail_has_a_subject_a_text_and_html_r152() {
        let templates = Templates::load(None).unwrap();
        for template in MailTemplate::ALL {
            let Written { subject, text, html } = templates.write(*template, &sample(*template)).unwrap();
            assert!(!subject.contains("Subject") && !text.trim().is_empty(), "{template:?}");
            assert!(html.contains("</html>") && text.contains("https://shop.example"), "{template:?}");
        }
    }

    #[test]
    fn a_file_in_the_folder_replaces_one_template_and_all_others_stay_r152() {
        let templates = with("order_confirmed.txt", "Subject: Merci {{ customer.name }}\n\nA bientôt").unwrap();
        let written = templates.write(MailTemplate::OrderConfirmed, &sample(MailTemplate::OrderConfirmed)).unwrap();
        assert_eq!((written.subject.as_str(), written.text.as_str()), ("Merci Ann Buyer", "A bientôt"));
        assert!(written.html.contains("is confirmed"));
    }

    #[test]
    fn html_escapes_and_text_does_not_r152() {
        let mut fields = sample(MailTemplate::OrderConfirmed);
        let name = Item::text("<b>Ann</b> & Bob");
        fields.insert("customer", Item::Fields(Fields::from([("name", name)])));
        let written = Templates::load(None).unwrap().write(MailTemplate::OrderConfirmed, &fields).unwrap();
        assert!(written.text.contains("Hello <b>Ann</b> & Bob,"));
        assert!(written.html.contains("Hello &lt;b&gt;Ann&lt;&#x2f;b&gt; &amp; Bob,"), "{}", written.html);
    }

    #[test]
    fn an_error_names_file_and_line_r152() {
        let unknown = error("order_confirmed.txt", "Subject: x\n\n{{ customer.nmae }}");
        assert!(unknown.contains("order_confirmed.txt, line 3"), "{unknown}");
        let broken = error("test.html", "a\n{% if %}");
        assert!(broken.contains("test.html, line 2: "), "{broken}");
        let no_subject = error("test.txt", "Hello");
        assert!(no_subject.contains("test.txt, line 1: must begin with `Subject: `"), "{no_subject}");
        let stray = error("order_confrimed.txt", "Subject: x");
        assert!(
            stray.contains("order_confrimed.txt: is no template; allowed are: ") && stray.contains("refund_made.txt")
        );
    }

    #[test]
    fn a_template_reaches_no_file_r152() {
        let outside = error("test.txt", "Subject: x\n{% include \"../secret\" %}");
        assert!(outside.contains("test.txt"), "{outside}");
        let absolute = error("test.txt", "Subject: x\n{% include \"/etc/passwd\" %}");
        assert!(absolute.contains("passwd") && !absolute.contains("root:"), "{absolute}");
        let missing = Templates::load(Some(Path::new("/nonexistent/mails"))).unwrap_err();
        assert!(missing[0].to_string().contains("cannot be read"));
    }
}
