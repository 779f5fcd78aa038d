//! Forms that come back: what a person typed, and what is wrong with which field.
//!
//! Owns: [`Typed`] (the values as they were sent) and [`FieldErrors`] (refusals by field). Does not
//! own: any rule about a value; acts refuse, this only sorts their refusals to the fields.
//! What a newcomer gets wrong: parsing in the extractor. Take [`Typed`], parse in the act's input,
//! and on a refusal show the same form again with everything still in it.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request};
use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Refusal, Stop};

/// What a person sent in a form: names and values, in order, untouched.
///
/// As an extractor it reads the body of a POST and the query of a GET.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// The form with one more value, for a form that opens with something filled in.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The first value of that name, as typed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Every value of that name (check boxes).
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The form as it may be shown again: what looks like a resident number is not sent back, not even to
    /// whoever typed it.
    pub fn without_resident_numbers(mut self) -> Self {
        self.0.retain(|(_, value)| !looks_like_resident_number(value));
        self
    }

    /// Every name with its value, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether this option was chosen.
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(known, chosen)| known == name && chosen == value)
    }
}

impl From<Vec<(String, String)>> for Typed {
    /// No keyboard makes a NUL and PostgreSQL keeps none: it becomes the sign for a letter that cannot be shown, as in HTML.
    fn from(mut pairs: Vec<(String, String)>) -> Self {
        for (_, value) in &mut pairs {
            if value.contains('\0') {
                *value = value.replace('\0', "\u{fffd}");
            }
        }
        Self(pairs)
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = FormRejection;

    async fn from_request(req: Request, state: &S) -> Result<Self, Self::Rejection> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(req, state).await?;
        Ok(pairs.into())
    }
}

/// Refusals sorted to the fields of one form: the summary on top and the sentence at each field
/// come from the same list, so they are the same words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// One line of the error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also its id on the page; empty for the form as a whole.
    pub field: &'static str,
    /// Where, what, how to mend.
    pub message: String,
}

impl FieldErrors {
    /// No errors: the form as it first opens.
    pub fn none() -> Self {
        Self::default()
    }

    /// Takes the refusals out of a stop; failures and inconsistencies go on upwards.
    pub fn from_stop(stop: Stop) -> Result<Self, Stop> {
        match stop {
            Stop::Refused(refusals) => Ok(refusals.into()),
            other => Err(other),
        }
    }

    /// What is wrong with this field; empty when nothing is.
    pub fn at(&self, field: &str) -> String {
        let here = self.0.iter().filter(|error| error.field == field);
        let messages: Vec<&str> = here.map(|error| error.message.as_str()).collect();
        messages.join(" ")
    }

    /// All of them, in the order the act found them.
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Refusal>> for FieldErrors {
    fn from(refusals: Vec<Refusal>) -> Self {
        let error =
            |refusal: Refusal| FieldError { field: refusal.field.unwrap_or_default(), message: refusal.message };
        Self(refusals.into_iter().map(error).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[tokio::test]
    async fn a_form_keeps_what_was_typed() {
        let body = Body::from("amount=1%EB%A7%8C2%EC%B2%9C&duty=record&duty=confirm&why=a+b");
        let req = Request::post("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        let typed = Typed::from_request(req, &()).await.expect("a form");
        assert_eq!(typed.get("amount"), "1만2천");
        assert_eq!(typed.get("why"), "a b");
        assert_eq!(Typed::from(vec![("why".to_owned(), "a\0b".to_owned())]).get("why"), "a\u{fffd}b");
        assert_eq!(typed.get("missing"), "");
        assert_eq!(typed.all("duty"), ["record", "confirm"]);
        assert!(typed.chose("duty", "confirm") && !typed.chose("duty", "audit"));
    }

    #[test]
    fn refusals_go_to_their_fields_and_failures_go_on() {
        let refusals = vec![
            Refusal::new("amount-empty", "", "실적을 적어 주세요").at("amount"),
            Refusal::new("plan-closed", "", "이미 닫은 계획입니다"),
        ];
        let errors = FieldErrors::from_stop(Stop::Refused(refusals)).expect("field errors");
        assert_eq!(errors.at("amount"), "실적을 적어 주세요");
        assert_eq!(errors.at("why"), "");
        assert_eq!(errors.len(), 2);
        let failure = iljari_base::Failure::new("disk full");
        assert!(FieldErrors::from_stop(failure.into()).is_err());
    }
}
