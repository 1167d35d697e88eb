use maud::{Markup, Render, html};

use crate::form::{Form, Meanwhile};

/// A field of a form: label, input, hint, and what is wrong with what was typed.
pub(crate) struct Field<'a> {
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    kind: &'a str,
    hint: Option<&'a str>,
    max: Option<usize>,
    is_required: bool,
    has_focus: bool,
    lines: usize,
    options: &'a [(&'a str, &'a str)],
    autocomplete: &'a str,
    suffix: Option<&'a str>,
    is_in_row: bool,
}

impl<'a> Field<'a> {
    /// A line of text.
    pub(crate) fn text(form: &'a Form, name: &'a str, label: &'a str) -> Self {
        Self {
            form,
            name,
            label,
            kind: "text",
            hint: None,
            max: None,
            is_required: false,
            has_focus: false,
            lines: 1,
            options: &[],
            autocomplete: "off",
            suffix: None,
            is_in_row: false,
        }
    }

    /// A choice of one value, each with what is shown for it.
    pub(crate) fn choice(form: &'a Form, name: &'a str, label: &'a str, options: &'a [(&'a str, &'a str)]) -> Self {
        Self { options, ..Self::text(form, name, label) }
    }

    /// Another type of input, such as `date`.
    pub(crate) fn kind(self, kind: &'a str) -> Self {
        Self { kind, ..self }
    }

    /// What browsers may fill in.
    pub(crate) fn fills(self, autocomplete: &'a str) -> Self {
        Self { autocomplete, ..self }
    }

    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What stands behind the input, such as a currency.
    pub(crate) fn suffix(self, suffix: &'a str) -> Self {
        Self { suffix: Some(suffix), ..self }
    }

    pub(crate) fn max(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }

    pub(crate) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Shows the label to screen readers only, for a field in a table row that has a label.
    pub(crate) fn unlabelled(self) -> Self {
        Self { is_in_row: true, ..self }
    }

    /// Has the focus when the page opens.
    pub(crate) fn focused(self) -> Self {
        Self { has_focus: true, ..self }
    }

    /// A text of several lines.
    pub(crate) fn lines(self, lines: usize) -> Self {
        Self { lines, ..self }
    }

    /// What became of the field since the form was filled.
    pub(crate) fn meanwhile(&self) -> Markup {
        let shown = |value: &str| match self.options.iter().find(|(option, _)| *option == value) {
            Some((_, shown)) => (*shown).to_owned(),
            None if value.is_empty() => "empty".to_owned(),
            None => value.to_owned(),
        };
        html! {
            @match self.form.meanwhile(self.name) {
                Some(Meanwhile::Taken { before }) => {
                    p.meanwhile { "Somebody has changed it. Before it was: " (shown(before)) "." }
                },
                Some(Meanwhile::Differs { now }) => {
                    p.meanwhile {
                        "Somebody has changed it to: " strong { (shown(now)) } ". "
                        label.check {
                            input type="checkbox" name=(Form::taking(self.name)) value=(now);
                            "Take that"
                        }
                    }
                },
                None => {},
            }
        }
    }

    fn input(&self, described: Option<&str>, invalid: Option<&str>) -> Markup {
        let Self { name, kind, max, is_required, has_focus, lines, options, autocomplete, .. } = *self;
        let id = format!("field-{name}");
        let value = self.form.text(name).unwrap_or_default();
        // Of a refused form, what is at fault has the focus.
        let has_focus = if self.form.is_refused() { self.form.first_fault() == Some(name) } else { has_focus };
        html! {
            @if !options.is_empty() {
                select id=(id) name=(name) autofocus[has_focus] aria-describedby=[described] aria-invalid=[invalid] {
                    @for (option, shown) in options {
                        option value=(option) selected[*option == value] { (shown) }
                    }
                    // What is held stays, also if it is not among those that can be chosen.
                    @if !value.is_empty() && options.iter().all(|(option, _)| *option != value) {
                        option value=(value) selected { (value) }
                    }
                }
            } @else if lines > 1 {
                textarea id=(id) name=(name) rows=(lines) maxlength=[max] required[is_required] autofocus[has_focus]
                    aria-describedby=[described] aria-invalid=[invalid] { (value) }
            } @else {
                @let shown = if kind == "password" { "" } else { value };
                input id=(id) name=(name) type=(kind) value=(shown) maxlength=[max] required[is_required]
                    autofocus[has_focus] autocomplete=(autocomplete) aria-describedby=[described]
                    aria-invalid=[invalid];
            }
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let fault = self.form.fault(self.name);
        let about = format!("about-{}", self.name);
        let described = (fault.is_some() || self.hint.is_some()).then_some(about.as_str());
        let invalid = fault.map(|_| "true");
        html! {
            div.field {
                label class=[self.is_in_row.then_some("hidden")] for={ "field-" (self.name) } {
                    (self.label)
                    @if self.is_required { span.faint { " (required)" } }
                }
                @if let Some(suffix) = self.suffix {
                    div.with-suffix { (self.input(described, invalid)) span { (suffix) } }
                } @else {
                    (self.input(described, invalid))
                }
                @if let Some(fault) = fault {
                    p.fault id=(about) { (self.label) " " (fault) "." }
                } @else if let Some(hint) = self.hint {
                    p.hint id=(about) { (hint) }
                }
                (self.meanwhile())
            }
        }
    }
}

/// What is wrong with a form, above it. A screen reader reads it at once. It has the focus if no field is at fault.
pub(crate) fn problems(form: &Form) -> Markup {
    html! {
        @if form.is_refused() {
            div.problems role="alert" tabindex="-1" autofocus[form.first_fault().is_none()] {
                (form.message.as_deref().unwrap_or("Nothing was changed. Look at the marked fields."))
            }
        }
    }
}

/// What somebody has to know before they send a form.
pub(crate) fn alert(text: &str) -> Markup {
    html! { div.problems role="alert" { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Code, Invalid};

    #[test]
    fn values_are_escaped_and_a_fault_is_tied_to_its_field_r247_r249() {
        let mut form = Form::showing([("name", "<script>\"")]);
        form.refuse::<()>("name", Invalid::new(Code::Format, "must be short"));
        let html = Field::text(&form, "name", "Name").max(5).render().into_string();
        assert!(html.contains("value=\"&lt;script&gt;&quot;\""), "{html}");
        assert!(html.contains("aria-describedby=\"about-name\" aria-invalid=\"true\""), "{html}");
        assert!(html.contains("<p class=\"fault\" id=\"about-name\">Name must be short.</p>"), "{html}");
    }

    #[test]
    fn a_choice_keeps_a_value_that_is_not_among_its_options_r249() {
        let shown = |value| {
            let form = Form::showing([("zone", value)]);
            Field::choice(&form, "zone", "Zone", &[("", "–"), ("de", "Germany")]).render().into_string()
        };
        assert!(shown("at").contains("<option value=\"at\" selected>at</option>"), "{}", shown("at"));
        assert_eq!((shown("de").matches("<option").count(), shown("").matches("<option").count()), (2, 2));
    }

    #[test]
    fn a_password_is_never_sent_back_r249() {
        let form = Form::showing([("password", "hunter2")]);
        assert!(
            !Field::text(&form, "password", "Password").kind("password").render().into_string().contains("hunter2")
        );
    }
}
