//! A component whose functions trap, each in a line that is marked with its name. It is bound to
//! its WIT by hand: there is nothing in it but what traps.
#![no_std]

mod ledger;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[unsafe(export_name = "test:places/places@1.0.0#calls")]
extern "C" fn calls(address: u32) -> u32 {
    outer(address) + 1 // calls: export
}

#[inline(never)]
fn outer(address: u32) -> u32 {
    inner(address) * 3 // calls: outer
}

#[inline(never)]
fn inner(address: u32) -> u32 {
    // SAFETY: there is nothing at the address, which is the point.
    unsafe { *(address as *const u32) } // calls: inner
}

#[unsafe(export_name = "test:places/places@1.0.0#inlined")]
extern "C" fn inlined(address: u32) -> u32 {
    let before = address.rotate_left(3);
    before ^ ledger::entry(address) // inlined: export
}

#[unsafe(export_name = "test:places/places@1.0.0#twice-inlined")]
extern "C" fn twice_inlined(address: u32) -> u32 {
    let before = address.rotate_left(5);
    before ^ ledger::balance(address) // twice inlined: export
}

#[unsafe(export_name = "test:places/places@1.0.0#panics")]
extern "C" fn panics(index: u32) -> u32 {
    let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    months[index as usize] // panics: export
}
