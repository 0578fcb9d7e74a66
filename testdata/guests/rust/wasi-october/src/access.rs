//! Who may do what with files, and their locks.

use crate::bindings::wasi::filesystem::types::*;
use crate::check::*;
use crate::files::{FOLLOW, create, root};

fn access(d: &Descriptor) -> Result<(), String> {
    let may = |modes| d.access_at(FOLLOW, "unsupported", AccessType::Access(modes));
    let exists = |path| d.access_at(FOLLOW, path, AccessType::Exists);
    exists("unsupported").named("access-at")?;
    fails(
        "access-at of nothing",
        exists("nothing"),
        ErrorCode::NoEntry,
    )?;
    may(Modes::READABLE).named("access-at for reading")?;
    may(Modes::READABLE | Modes::WRITABLE).named("access-at for writing")?;
    fails(
        "access-at for executing",
        may(Modes::EXECUTABLE),
        ErrorCode::Access,
    )
}

/// What the snapshot has beside later versions: access, and what no host has, locks and permissions of files.
pub fn unsupported() -> Outcome {
    use ErrorCode::Unsupported;
    let (d, f) = (root()?, create("unsupported")?);
    access(&d)?;
    fails("lock-shared", f.lock_shared(), Unsupported)?;
    fails("lock-exclusive", f.lock_exclusive(), Unsupported)?;
    fails("try-lock-shared", f.try_lock_shared(), Unsupported)?;
    fails("try-lock-exclusive", f.try_lock_exclusive(), Unsupported)?;
    fails("unlock", f.unlock(), Unsupported)?;
    let change = d.change_file_permissions_at(FOLLOW, "unsupported", Modes::READABLE);
    fails("change-file-permissions-at", change, Unsupported)?;
    let change = d.change_directory_permissions_at(FOLLOW, "dir", Modes::READABLE);
    fails("change-directory-permissions-at", change, Unsupported)?;
    Ok(String::new())
}
