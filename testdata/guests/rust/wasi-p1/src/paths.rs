//! What can be done with paths.

use crate::check::*;
use crate::files::{CREATE, DIR, EXCLUSIVE, open, open_dir};
use crate::sys::*;
use crate::{fails, must};

/// What is known of a path: the kind, how many links there are to it, and when it was written.
fn stat(path: &str) -> Result<(u8, u64, u64), String> {
    let mut s = [0u8; 64];
    must!(path_filestat_get(
        DIR,
        0,
        path.as_ptr(),
        path.len(),
        s.as_mut_ptr()
    ));
    Ok((s[16], u64_at(&s, 24), u64_at(&s, 48)))
}

/// The names in a folder, in order, read in small pieces.
fn names(path: &str) -> Result<Vec<String>, String> {
    let dir = open_dir(path)?;
    let (mut names, mut next) = (Vec::new(), 0);
    loop {
        let (mut buf, mut n) = ([0u8; 40], 0);
        must!(fd_readdir(dir, buf.as_mut_ptr(), buf.len(), next, &mut n));
        let len = u32_at(&buf, 16) as usize;
        if n < 24 {
            break;
        }
        let name = std::str::from_utf8(&buf[24..24 + len]).map_err(|e| e.to_string())?;
        if name != "." && name != ".." {
            names.push(name.to_owned());
        }
        next = u64_at(&buf, 0);
    }
    must!(fd_close(dir));
    names.sort();
    Ok(names)
}

/// Leaves the folder sub with the file moved, and a link to it.
pub fn paths() -> Outcome {
    const FILE: u8 = 4;
    const FOLDER: u8 = 3;
    const LINK: u8 = 7;
    let at = |path: &'static str| (path.as_ptr(), path.len());
    let ((a, an), (b, bn), (sub, subn), (link, linkn), (moved, movedn)) =
        (at("a"), at("b"), at("sub"), at("link"), at("sub/moved"));
    must!(path_create_directory(DIR, sub, subn));
    fails!(EXIST, path_create_directory(DIR, sub, subn));
    same("a folder", stat("sub")?.0, FOLDER)?;
    must!(fd_close(open("a", CREATE | EXCLUSIVE)?));
    must!(path_link(DIR, 0, a, an, DIR, b, bn));
    same(
        "a file with two names",
        (stat("a")?.0, stat("b")?.1),
        (FILE, 2),
    )?;
    must!(path_filestat_set_times(DIR, 0, a, an, 0, 9_000_000_000, 4));
    same("the time of both", stat("b")?.2, 9_000_000_000)?;
    must!(path_rename(DIR, a, an, DIR, moved, movedn));
    same(
        "names after that",
        (names(".")?.join(" "), names("sub")?.join(" ")),
        ("b sub".to_owned(), "moved".to_owned()),
    )?;
    must!(path_unlink_file(DIR, b, bn));
    same("the other name", stat("sub/moved")?.1, 1)?;
    fails!(NOTEMPTY, path_remove_directory(DIR, sub, subn));

    must!(path_symlink(moved, movedn, DIR, link, linkn));
    same("a link", stat("link")?.0, LINK)?;
    let (mut buf, mut n) = ([0u8; 100], 0);
    must!(path_readlink(
        DIR,
        link,
        linkn,
        buf.as_mut_ptr(),
        100,
        &mut n
    ));
    same("where it leads", &buf[..n as usize], b"sub/moved")?;
    must!(path_create_directory(DIR, a, an));
    must!(path_remove_directory(DIR, a, an));
    let outside = "../file";
    fails!(
        PERM,
        path_open(
            DIR,
            0,
            outside.as_ptr(),
            outside.len(),
            CREATE,
            0,
            0,
            0,
            &mut n
        )
    );
    Ok(())
}
