//! Uploads: in parts, slow, torn, and more than there is room for. Files that are sent at one go and
//! read are in `files.rs`.

mod quota;
mod resumable;
mod slow;
mod torn;
