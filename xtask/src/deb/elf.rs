//! What a package must know of a program: for which machine it is, and how new a C library it wants.

/// Debian's name of the machine.
pub fn architecture(program: &[u8]) -> Option<&'static str> {
    let header = program.get(..20)?;
    // 64 or 32 bits, little-endian, at the fifth and sixth byte; the machine at the nineteenth.
    let [0x7F, b'E', b'L', b'F', class, 1, .., low, high] = header else {
        return None;
    };
    match (class, u16::from_le_bytes([*low, *high])) {
        (2, 0x3E) => Some("amd64"),
        (2, 0xB7) => Some("arm64"),
        (1, 0x28) => Some("armhf"),
        _ => None,
    }
}

/// The newest `GLIBC_2.N` that it asks for.
pub fn least_glibc(program: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"GLIBC_2.";
    let minors = program.windows(MARK.len() + 3).filter_map(|window| {
        let digits = window.strip_prefix(MARK)?;
        let digits = digits.iter().map_while(|byte| (*byte as char).to_digit(10));
        digits.fold(None, |number: Option<u32>, digit| {
            Some(number.unwrap_or(0) * 10 + digit)
        })
    });
    minors.max().map(|minor| format!("2.{minor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_its_machine_and_the_newest_library_it_wants() {
        let mut program = vec![0x7F, b'E', b'L', b'F', 2, 1];
        program.resize(18, 0);
        program.extend([0xB7, 0]);
        assert_eq!(architecture(&program), Some("arm64"));
        program.extend(b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.2.5\0...");
        assert_eq!(least_glibc(&program).as_deref(), Some("2.34"));
        assert_eq!(architecture(b"#!/bin/sh"), None);
        assert_eq!(least_glibc(b"nothing"), None);
    }
}
