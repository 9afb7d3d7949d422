//! Chinwag: a self-hosted chat room. This is its table of contents, in reading order.

pub mod model;
pub mod store;
