//! What is inlined into the functions of the other file.

#[inline(always)]
pub fn entry(address: u32) -> u32 {
    // SAFETY: there is nothing at the address, which is the point.
    unsafe { *(address as *const u32) } // inlined: entry
}

#[inline(always)]
pub fn balance(address: u32) -> u32 {
    let credit = part(address);
    let debit = part(address + 8);
    credit.wrapping_sub(debit)
}

#[inline(always)]
fn part(address: u32) -> u32 {
    // SAFETY: as above.
    unsafe { *(address as *const u32) } // twice inlined: part
}
