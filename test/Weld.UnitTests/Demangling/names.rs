// Names in Rust's v0 scheme: rustc --crate-type=lib -C symbol-mangling-version=v0 --emit=obj names.rs.
// names.txt has what becomes of them. Nothing here is ever run.
#![allow(dead_code)]
pub struct Wrapper<T, const N: usize>(pub [T; N]);
pub trait Shape<T = u8> {
    type Area;
    fn area(&self) -> u32;
    fn default_method(&self, _t: T) -> u32 {
        (|| self.area())()
    }
}
impl<T> Shape<(T,)> for Wrapper<T, 3> {
    type Area = u32;
    #[inline(never)]
    fn area(&self) -> u32 {
        let nested = |x: u32| {
            let inner = move || x + 1;
            call(inner)
        };
        nested(1)
    }
}
#[inline(never)]
pub fn call<F: Fn() -> u32>(f: F) -> u32 {
    f()
}
#[inline(never)]
pub fn generic<T: ?Sized>() -> usize {
    std::hint::black_box(std::mem::size_of::<&T>())
}
#[inline(never)]
pub fn constant<const B: bool, const C: char, const I: i32, const U: u128>() -> usize {
    std::hint::black_box(U as usize)
}
pub mod größe {
    #[inline(never)]
    pub fn münze_火() -> usize {
        super::generic::<[char]>()
    }
}
macro_rules! twice {
    ($x:ident) => {{
        #[inline(never)]
        fn hidden() -> usize {
            super::generic::<$x>()
        }
        hidden()
    }};
}
pub mod scopes {
    use super::*;
    pub fn all() -> usize {
        twice!(i8) + twice!(i16)
    }
}
pub fn uses() -> usize {
    Wrapper::<(), 3>([(), (), ()]).area();
    Shape::<(bool,)>::default_method(&Wrapper([true, true, false]), (true,));
    generic::<u8>()
        + generic::<dyn Fn(&u8, &mut [u16]) -> *const i32>()
        + generic::<dyn for<'a> Shape<&'a str, Area = &'static u8> + Send>()
        + generic::<fn(i64, f32) -> !>()
            * 0
        + generic::<unsafe extern "C" fn(*mut u8) -> usize>()
        + generic::<extern "system" fn()>()
        + generic::<for<'a, 'b> fn(&'a u8, &'b u8) -> &'a u8>()
        + generic::<(u8, i128, u128, isize, f64)>()
        + generic::<[Wrapper<str_ref, 7>; 2]>()
        + generic::<Option<Result<Vec<String>, Box<dyn std::error::Error>>>>()
        + constant::<true, 'x', { -42 }, { u128::MAX }>()
        + constant::<false, '\n', { i32::MIN }, 5>()
        + constant::<false, '火', 0, 0>()
        + größe::münze_火()
        + scopes::all()
}
#[allow(non_camel_case_types)]
pub type str_ref = &'static str;
pub static TABLE: fn() -> usize = uses;
