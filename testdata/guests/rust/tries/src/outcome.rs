//! What became of a call, as a number and a text.

pub type Pair = (u32, String);

pub trait Outcome {
    fn outcome(self) -> Pair;
}

/// Error is the error of an interface: the number of its case, from 1, and its text.
pub trait Error {
    fn pair(self) -> Pair;
}

impl Outcome for () {
    fn outcome(self) -> Pair {
        (0, String::new())
    }
}

impl<T> Outcome for Vec<T> {
    fn outcome(self) -> Pair {
        (self.len() as u32, String::new())
    }
}

impl<T> Outcome for Option<T> {
    fn outcome(self) -> Pair {
        (self.is_some() as u32, String::new())
    }
}

impl<T, E: Error> Outcome for Result<T, E> {
    fn outcome(self) -> Pair {
        match self {
            Ok(_) => (0, String::new()),
            Err(e) => e.pair(),
        }
    }
}

pub fn unknown(function: &str) -> Pair {
    (
        u32::MAX,
        format!("this guest does not know the function {function}"),
    )
}

/// Numbers the cases of errors that may be seen; others are 1000.
macro_rules! errors {
    ($($($t:ident)::+ { $($number:literal $case:ident $(($text:ident))?),+ })+) => {$(
        impl crate::outcome::Error for $($t)::+ {
            fn pair(self) -> crate::outcome::Pair {
                #[allow(unreachable_patterns)]
                match self {
                    $(Self::$case $(($text))? => ($number, [String::new() $(, crate::outcome::text($text))?].concat()),)+
                    _ => (1000, String::new()),
                }
            }
        }
    )+};
}
pub(crate) use errors;

/// The text of an error, be it optional or not.
pub fn text(of: impl Into<Option<String>>) -> String {
    of.into().unwrap_or_default()
}
