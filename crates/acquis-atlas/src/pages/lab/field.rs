//! Fields of the forms on the desk: what was typed or what stands, what it means, and what is
//! wrong with it.

use maud::{Markup, html};

use super::actions::Action;
use crate::lab::{FieldError, Posted};

/// A form of the desk: what was posted and not done, so that nothing that was typed is lost.
#[derive(Clone, Copy)]
pub(crate) struct Form<'f> {
    action: Action,
    /// Fields that can't be read.
    errors: &'f [FieldError],
    /// What was typed.
    typed: Option<&'f Posted>,
}

impl<'f> Form<'f> {
    /// The form of a button as it was sent, or as it stands where nothing was typed.
    pub(crate) fn new(action: Action, errors: &'f [FieldError], typed: Option<&'f Posted>) -> Self {
        Self {
            action,
            errors,
            typed,
        }
    }

    /// Whether it was sent and not done.
    pub(crate) fn is_tried(&self) -> bool {
        self.typed.is_some()
    }

    /// What the names of its fields begin with when they are posted.
    fn posts(self) -> &'static str {
        match self.action {
            Action::Act => "act_",
            _ => "",
        }
    }

    /// The name of a field as it is posted.
    pub(crate) fn posted(self, name: &str) -> String {
        format!("{}{name}", self.posts())
    }

    /// The id of a field, or of the group that it is.
    pub(crate) fn id(self, name: &str) -> String {
        let group = match self.action {
            Action::Act => "act",
            Action::Payment => "pay",
            _ => "field",
        };
        format!("{group}-{name}")
    }

    /// The id of the field that an error is about, if it is one of this form.
    pub(crate) fn place(self, error: &FieldError) -> Option<String> {
        let has_fields = matches!(
            self.action,
            Action::Act | Action::Payment | Action::Settings
        );
        let name = error.field.strip_prefix(self.posts());
        name.filter(|_| has_fields).map(|name| self.id(name))
    }

    /// The value of a field: as it was typed, or as it stands.
    pub(crate) fn value(self, name: &str, stands: &str) -> String {
        let typed = self.typed.and_then(|typed| typed.text(&self.posted(name)));
        typed.unwrap_or(stands).to_owned()
    }

    /// Whether a box is ticked.
    fn is_ticked(self, name: &str, stands: bool) -> bool {
        let posted = self.posted(name);
        self.typed.map_or(stands, |typed| typed.is_ticked(&posted))
    }

    /// Whether one of several boxes of a name is ticked.
    fn has_one(self, name: &str, value: &str, stands: bool) -> bool {
        self.typed.map_or(stands, |typed| {
            let ticked = typed.all(&self.posted(name));
            ticked.iter().any(|ticked| ticked == value)
        })
    }

    /// What is wrong with a field.
    fn error(self, name: &str) -> Option<&'f FieldError> {
        let posted = self.posted(name);
        self.errors.iter().find(|error| error.field == posted)
    }

    /// The word by which a field that is wrong is marked.
    fn is_invalid(self, name: &str) -> Option<&'static str> {
        self.error(name).map(|_| "true")
    }
}

/// A field with its label, what it means, and what is wrong with it.
pub(crate) struct Field<'f> {
    pub(crate) name: &'f str,
    pub(crate) label: &'f str,
    pub(crate) help: &'f str,
    pub(crate) form: Form<'f>,
}

impl Field<'_> {
    fn id(&self) -> String {
        self.form.id(self.name)
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field {
                label for=(self.id()) { (self.label) }
                (control)
                @if !self.help.is_empty() { p.help id={ (self.id()) "-help" } { (self.help) } }
                (self.wrong())
            }
        }
    }

    fn wrong(&self) -> Markup {
        html! {
            @if let Some(error) = self.form.error(self.name) {
                p.error id={ (self.id()) "-error" } { (error.sentence) }
            }
        }
    }

    /// What a screen reader reads after the label.
    fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if !self.help.is_empty() {
            ids.push(format!("{}-help", self.id()));
        }
        if self.form.error(self.name).is_some() {
            ids.push(format!("{}-error", self.id()));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// What was typed into it and not taken, which a script must not lose.
    fn is_typed(&self, stands: &str) -> bool {
        self.form.value(self.name, stands) != stands
    }

    fn input(&self, kind: &str, mode: Option<&str>, stands: &str, placeholder: &str) -> Markup {
        let hint = (!placeholder.is_empty()).then_some(placeholder);
        self.around(&html! {
            input id=(self.id()) name=(self.form.posted(self.name)) type=(kind) inputmode=[mode]
                value=(self.form.value(self.name, stands)) placeholder=[hint]
                data-typed[self.is_typed(stands)] aria-invalid=[self.form.is_invalid(self.name)]
                aria-describedby=[self.described_by()];
        })
    }

    pub(crate) fn text(&self, value: &str) -> Markup {
        self.input("text", None, value, "")
    }

    pub(crate) fn number(&self, value: Option<f64>, placeholder: &str) -> Markup {
        let value = value.map_or_else(String::new, |value| value.to_string());
        self.input("text", Some("decimal"), &value, placeholder)
    }

    pub(crate) fn day(&self, value: Option<jiff::civil::Date>) -> Markup {
        let value = value.map_or_else(String::new, |day| day.to_string());
        self.input("date", None, &value, "")
    }

    pub(crate) fn choice(&self, options: &[(String, String)], stands: &str) -> Markup {
        let chosen = self.form.value(self.name, stands);
        self.around(&html! {
            select id=(self.id()) name=(self.form.posted(self.name)) data-typed[self.is_typed(stands)]
                aria-invalid=[self.form.is_invalid(self.name)] aria-describedby=[self.described_by()] {
                @for (value, label) in options {
                    option value=(value) selected[*value == chosen] { (label) }
                }
            }
        })
    }

    /// Several boxes, each a value with its label, of which any may be ticked.
    pub(crate) fn boxes(&self, options: &[(&str, &str)]) -> Markup {
        html! {
            fieldset id=(self.id()) aria-describedby=[self.described_by()] {
                legend { (self.label) }
                @if !self.help.is_empty() { p.help id={ (self.id()) "-help" } { (self.help) } }
                (self.wrong())
                div.ticks {
                    @for (value, label) in options { (one_of(self.form, self.name, value, label, false)) }
                }
            }
        }
    }
}

/// A box that is ticked or not.
pub(crate) fn tick(form: Form<'_>, name: &str, label: &str, stands: bool) -> Markup {
    let is_ticked = form.is_ticked(name, stands);
    let id = form.id(name);
    html! {
        div.tick {
            input id=(id) name=(form.posted(name)) type="checkbox" value="yes" checked[is_ticked] data-typed[is_ticked != stands];
            label for=(id) { (label) }
        }
    }
}

/// One of several boxes of a name.
pub(crate) fn one_of(form: Form<'_>, name: &str, value: &str, label: &str, stands: bool) -> Markup {
    let is_ticked = form.has_one(name, value, stands);
    let id = format!("{}-{value}", form.id(name));
    html! {
        div.tick {
            input id=(id) name=(form.posted(name)) type="checkbox" value=(value) checked[is_ticked]
                data-typed[is_ticked != stands] aria-invalid=[form.is_invalid(name)];
            label for=(id) { (label) }
        }
    }
}
