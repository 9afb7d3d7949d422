//! What handlers take: who asks, and parts of the request that were checked.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{self, FromRequest, FromRequestParts, Json, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::app::App;
use super::language::AnswerLanguage;
use super::late::SentBy;
use super::problem::Fault;
use super::reach;
use super::sender;
use crate::chat::{self, Actor, Visitor};
use crate::model::refusal::Refusal;
use crate::model::users::Language;
use crate::wire::object::Object;

/// Anybody who is not signed in is refused with 401.
impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let visit = Visit::from_request_parts(parts, app).await?;
        visit.actor.ok_or_else(|| Refusal::NotSignedIn.into())
    }
}

/// The request of a visitor, who may be signed in.
pub(super) struct Visit {
    /// The visitor, when they are signed in.
    pub actor: Option<Actor>,
    /// What the request shows of the visitor.
    pub visitor: Visitor,
    pub answer_language: AnswerLanguage,
}

impl Visit {
    /// The language to answer in.
    pub(super) fn language(&self) -> Language {
        self.answer_language.language()
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let found = (parts.extensions.get::<Visitor>(), parts.extensions.get::<AnswerLanguage>());
        let (Some(visitor), Some(answer_language)) = found else {
            return Err(chat::Error::Internal("no visitor in the request".into()).into());
        };
        let (visitor, answer_language) = (visitor.clone(), answer_language.clone());
        let actor = app.chat.actor(&visitor).await?;
        if let Some(actor) = &actor {
            reach::check(actor, parts)?;
            sender::check(app, actor, parts)?;
            if let Some(sent_by) = parts.extensions.get::<SentBy>() {
                sent_by.found(actor.id());
            }
        }
        if let Some(actor) = &actor {
            answer_language.choose(actor.language(visitor.browser_language));
        }
        Ok(Self { actor, visitor, answer_language })
    }
}

/// A JSON body, which is an object.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        match Json::from_request(request, app).await {
            Ok(Json(Object(value))) => Ok(Self(value)),
            Err(rejection) => Err(bad_json(&rejection)),
        }
    }
}

fn bad_json(rejection: &JsonRejection) -> Fault {
    let status = match rejection.status() {
        // One status for all JSON that does not fit; 422 is for values that break a rule.
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    Fault::Malformed(status, rejection.body_text())
}

/// The variable parts of the path. Where they do not parse, the answer is 404.
pub(super) struct PathPart<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for PathPart<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let path: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, app).await;
        path.map(|Path(value)| Self(value)).map_err(|_| Fault::NoRoute)
    }
}

/// The query of the address. What does not parse is answered with 400.
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let query: Result<extract::Query<T>, QueryRejection> =
            extract::Query::from_request_parts(parts, app).await;
        query
            .map(|extract::Query(value)| Self(value))
            .map_err(|rejection| Fault::Malformed(StatusCode::BAD_REQUEST, rejection.body_text()))
    }
}
