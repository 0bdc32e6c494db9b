// A cdylib: functions for a host.
#[no_mangle]
pub extern "C" fn add(left: i32, right: i32) -> i32 {
    left.wrapping_add(right)
}

#[no_mangle]
pub extern "C" fn digits(mut value: u32) -> usize {
    let mut text = String::new();
    while value > 0 {
        text.push(char::from(b'0' + (value % 10) as u8));
        value /= 10;
    }
    text.len()
}
