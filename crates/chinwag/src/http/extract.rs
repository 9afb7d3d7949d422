//! What handlers take: who is asking, and parts of the request that were checked.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::app::App;
use super::language::Speech;
use super::problem::Fault;
use crate::chat::{self, Actor};
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
    pub visitor: chat::Visitor,
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
        let found = (parts.extensions.get::<chat::Visitor>(), parts.extensions.get::<Speech>());
        let (Some(visitor), Some(speech)) = found else {
            return Err(chat::Error::Internal("no visitor in the request".into()).into());
        };
        let (visitor, speech) = (visitor.clone(), speech.clone());
        let actor = app.chat.actor(&visitor).await?;
        if let Some(actor) = &actor {
            speech.choose(actor.language(visitor.asked));
        }
        Ok(Self { actor, visitor, speech })
    }
}

/// A JSON body: an object. Serde would also take a list of the values in the order of the fields.
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

/// What is written as an object, and in no other way.
pub(super) struct Object<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OnlyMaps<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for OnlyMaps<T> {
            type Value = Object<T>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a JSON object")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        from.deserialize_map(OnlyMaps(PhantomData))
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
