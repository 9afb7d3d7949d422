//! Which installation this is, and which state of its data.

/// What distinguishes an installation, and a state of its data, from others.
///
/// Browsers keep what they store under `id`. When `epoch` is another than before, the data went
/// back to an earlier state or was replaced: numbers and revisions may mean other things now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// 32 hexadecimal digits, made with the data folder. It never changes.
    pub id: String,
    /// 32 hexadecimal digits, made with the data folder and made anew by every restore.
    pub epoch: String,
}
