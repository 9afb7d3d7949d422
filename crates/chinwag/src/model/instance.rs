//! Which installation this is, and which life of it.

/// What tells one installation, and one state of its data, from another.
///
/// Browsers keep what they store under `id`. Where `epoch` is another than before, the data went
/// back to an earlier state or was replaced: numbers and revisions may stand for other things now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// 32 hexadecimal digits, made with the data folder. It stays for ever.
    pub id: String,
    /// 32 hexadecimal digits, made with the data folder and anew by every restore.
    pub epoch: String,
}
