//! The body of a request, from whichever HTTP server reads it.

use http_body::Body;

/// A request body that the server can read. It is implemented for every body whose data can be sent
/// to another thread and whose error can be boxed.
pub trait RequestBody:
    Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send
{
}

impl<B> RequestBody for B where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send
{
}
