//! The channel that the address of a page names: a public one by its name, `/channel/<name>`, any other by its
//! id, `/c/<id>`, which nobody can guess. The same pages and forms are behind both.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::chat::ChannelAddress;
use crate::http::app::App;
use crate::http::problem::Fault;
use crate::model::ids::ChannelId;

/// The channel of the address, whether or not there is one.
pub(in crate::http) struct At(pub(super) ChannelAddress);

impl FromRequestParts<Arc<App>> for At {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Fault::NoRoute)?;
        let named = path.iter().find_map(|(part, value)| match part {
            "name" => Some(ChannelAddress::Name(value.to_owned())),
            // What is no number is the id of no channel.
            "id" => Some(ChannelAddress::Id(ChannelId(value.parse().unwrap_or(0)))),
            _ => None,
        });
        named.map(Self).ok_or(Fault::NoRoute)
    }
}
