//! Why a file could not be kept.

/// The process has too many files open, in the numbers of Unix.
const EMFILE: i32 = 24;
/// The system has too many files open.
const ENFILE: i32 = 23;

/// Why a file could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It has more bytes than allowed.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The most, in bytes.
        max_bytes: u64,
    },
    /// It has no bytes.
    #[error("empty")]
    Empty,
    /// Too many uploads or pictures are under way.
    #[error("too many uploads or pictures at once")]
    Busy,
    /// One person has begun as many files as they may.
    #[error("{max} files are begun and not finished")]
    TooManyBegun {
        /// The most.
        max: usize,
    },
    /// What is free on the disk is kept for messages.
    #[error("the disk has less free than is kept for messages")]
    Floor,
    /// Another request holds that upload.
    #[error("another request is at that upload")]
    Held,
    /// The sender stopped half-way.
    #[error("the upload broke off: {0}")]
    Broken(String),
    /// No room on the disk, or it may not be written to.
    #[error("the disk takes no more: {0}")]
    Full(std::io::Error),
    /// The process has as many files open as the system allows.
    #[error("no more files can be opened (raise LimitNOFILE or `ulimit -n`): {0}")]
    TooManyOpen(std::io::Error),
    /// Any other error of the disk.
    #[error("file: {0}")]
    Io(std::io::Error),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        if matches!(error.raw_os_error(), Some(EMFILE | ENFILE)) {
            return Self::TooManyOpen(error);
        }
        match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem | K::PermissionDenied => {
                Self::Full(error)
            }
            _ => Self::Io(error),
        }
    }
}
