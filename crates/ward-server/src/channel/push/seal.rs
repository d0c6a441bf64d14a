//! A push's encryption for one browser (RFC 8291 over RFC 8188, one record).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use ring::{aead, agreement, hkdf};

/// Bytes of the one record at most: more need not be taken by a push service (RFC 8291, section 4).
const RECORD_BYTES: u32 = 4096;

/// Bytes that are left for what is said: without the 86 bytes before it, its end mark and its tag.
pub const PLAIN_AT_MOST: usize = 3993;

/// What a browser gave along: its public key on P-256, uncompressed, and a secret of 16 bytes.
pub struct Browser {
    public: [u8; 65],
    secret: [u8; 16],
}

impl Browser {
    /// From base64url, as a page gets them from its browser.
    pub fn read(p256dh: &str, auth: &str) -> Option<Self> {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let public: [u8; 65] = decode(p256dh)?.try_into().ok()?;
        Some(Self {
            public: (public.first() == Some(&4)).then_some(public)?,
            secret: decode(auth)?.try_into().ok()?,
        })
    }
}

/// The body of a push; `None` when it is too long, or the browser's key is not on the curve.
pub fn seal(browser: &Browser, plain: &[u8], random: &dyn SecureRandom) -> Option<Vec<u8>> {
    if plain.len() > PLAIN_AT_MOST {
        return None;
    }
    // A key for this push alone.
    let own = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P256, random).ok()?;
    let own_public = own.compute_public_key().ok()?;
    let mut salt = [0; 16];
    random.fill(&mut salt).ok()?;
    let theirs = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, &browser.public);
    let shared = agreement::agree_ephemeral(own, &theirs, |ecdh| {
        let info: [&[u8]; 3] = [b"WebPush: info\0", &browser.public, own_public.as_ref()];
        derive::<32>(&browser.secret, ecdh, &info)
    });
    let shared = shared.ok()??;
    let key = derive::<16>(&salt, &shared, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce = derive::<12>(&salt, &shared, &[b"Content-Encoding: nonce\0"])?;

    // The mark says that this is the last record.
    let mut record = [plain, &[2]].concat();
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).ok()?);
    let nonce = aead::Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut record)
        .ok()?;
    let length = u8::try_from(own_public.as_ref().len()).ok()?;
    Some(
        [
            salt.as_slice(),
            &RECORD_BYTES.to_be_bytes(),
            &[length],
            own_public.as_ref(),
            &record,
        ]
        .concat(),
    )
}

struct Bytes(usize);

impl hkdf::KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> Option<[u8; N]> {
    let mut derived = [0; N];
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Bytes(N))
        .and_then(|made| made.fill(&mut derived))
        .ok()?;
    Some(derived)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    #[expect(deprecated, reason = "the one way to give ring a known key")]
    use ring::test::rand::FixedSliceSequenceRandom;

    use super::*;

    const UA_PUBLIC: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    /// RFC 8291, section 5 and appendix A, from the keys to the last byte.
    #[test]
    #[expect(deprecated, reason = "the one way to give ring a known key")]
    fn the_example_of_the_standard_comes_out_byte_by_byte() {
        let browser = Browser::read(UA_PUBLIC, AUTH).unwrap();
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let private = decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let salt = decode("DGv6ra1nlYgDCS1FRnbzlw");
        let random = FixedSliceSequenceRandom {
            bytes: &[&private, &salt],
            current: std::cell::UnsafeCell::new(0),
        };
        let plain = b"When I grow up, I want to be a watermelon";
        let sealed = seal(&browser, plain, &random).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
             AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
                .replace(' ', "")
        );
    }

    #[test]
    fn two_pushes_of_the_same_words_are_not_alike_and_the_longest_fills_the_record() {
        let browser = Browser::read(UA_PUBLIC, AUTH).unwrap();
        let random = SystemRandom::new();
        let longest = vec![b'x'; PLAIN_AT_MOST];
        let one = seal(&browser, &longest, &random).unwrap();
        let other = seal(&browser, &longest, &random).unwrap();
        assert_ne!(one, other);
        assert_eq!(one.len(), 4096);
        assert!(seal(&browser, &[b'x'; PLAIN_AT_MOST + 1], &random).is_none());
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let off_the_curve = URL_SAFE_NO_PAD.encode([4; 65]);
        let browser = Browser::read(&off_the_curve, AUTH).unwrap();
        assert!(seal(&browser, b"x", &SystemRandom::new()).is_none());
        let short = URL_SAFE_NO_PAD.encode([4; 64]);
        let squeezed = URL_SAFE_NO_PAD.encode([2; 65]);
        for (p256dh, auth) in [
            ("", AUTH),
            (UA_PUBLIC, ""),
            (short.as_str(), AUTH),
            (squeezed.as_str(), AUTH),
            ("not base64!", AUTH),
            (UA_PUBLIC, "BTBZMqHH6r4Tts7J_aSIggAA"),
        ] {
            assert!(Browser::read(p256dh, auth).is_none(), "{p256dh} {auth}");
        }
        assert!(Browser::read(&format!("{UA_PUBLIC}="), &format!("{AUTH}==")).is_some());
    }
}
