//! What handlers take: who is asking, and parts of the request that were checked.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::front::Speech;
use super::problem::Fault;
use super::router::App;
use crate::chat::{Actor, Visitor};
use crate::model::refusal::Refusal;
use crate::model::users::Language;

/// Somebody who is signed in; anybody else is refused with 401.
pub(super) struct Signed(pub Actor);

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Guest { actor, .. } = Guest::from_request_parts(parts, app).await?;
        actor.map(Self).ok_or_else(|| Refusal::NotSignedIn.into())
    }
}

/// Anybody, signed in or not.
pub(super) struct Guest {
    pub actor: Option<Actor>,
    pub visitor: Visitor,
    pub speech: Speech,
}

impl Guest {
    /// The language to answer in.
    pub(super) fn language(&self) -> Language {
        self.speech.language()
    }
}

impl FromRequestParts<Arc<App>> for Guest {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let found = (parts.extensions.get::<Visitor>(), parts.extensions.get::<Speech>());
        let (Some(visitor), Some(speech)) = found else {
            return Err(crate::chat::Error::Internal("no visitor in the request".into()).into());
        };
        let (visitor, speech) = (visitor.clone(), speech.clone());
        let actor = app.chat.actor(&visitor).await?;
        if let Some(actor) = &actor {
            speech.choose(actor.language(visitor.asked));
        }
        Ok(Self { actor, visitor, speech })
    }
}

/// A JSON body.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        match Json::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
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

/// The variable parts of the address. What does not parse is an address where nothing is.
pub(super) struct In<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for In<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let path: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, app).await;
        path.map(|Path(value)| Self(value)).map_err(|_| Fault::NoRoute)
    }
}

/// The query.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let query: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, app).await;
        query
            .map(|Query(value)| Self(value))
            .map_err(|rejection| Fault::Malformed(StatusCode::BAD_REQUEST, rejection.body_text()))
    }
}
