//! Files of pictures for tests: real ones, and ones that people send to break something.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ImageBuffer, ImageEncoder as _, ImageFormat, RgbImage, Rgba, RgbaImage};

/// Pixels that no encoder makes much smaller, as in a photo.
fn grain(x: u32, y: u32) -> [u8; 3] {
    let mixed = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)).rotate_left(13);
    mixed.wrapping_mul(3_266_489_917).to_be_bytes().first_chunk().copied().unwrap()
}

/// A PNG like a photo.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb(grain(x, y)));
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A JPEG like a photo, with that colour profile.
pub fn jpeg(width: u32, height: u32, profile: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_icc_profile(profile.to_vec()).unwrap();
    let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb(grain(x, y)));
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// A PNG like a photo with transparency and that colour profile.
pub fn transparent(width: u32, height: u32, profile: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile.to_vec()).unwrap();
    let pixel = |x, y| {
        let [r, g, b] = grain(x, y);
        Rgba([r, g, b, 100])
    };
    RgbaImage::from_fn(width, height, pixel).write_with_encoder(encoder).unwrap();
    bytes
}

/// The head of a colour profile for that kind of colours, without anything behind it.
pub fn profile(colors: [u8; 4]) -> Vec<u8> {
    let mut profile = vec![7; 600];
    profile[16..20].copy_from_slice(&colors);
    profile
}

/// Puts an Exif block that turns the picture by a quarter into a JPEG.
pub fn turned(jpeg: &[u8]) -> Vec<u8> {
    let exif = exif_turned();
    let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &exif, &jpeg[2..]].concat()
}

/// An Exif block with orientation 6: turn the picture by 90 degrees.
fn exif_turned() -> Vec<u8> {
    [b"MM\0*\0\0\0\x08\0\x01".as_slice(), b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", b"\0\0\0\0"]
        .concat()
}

/// A PNG that claims 100,000 × 100,000 pixels in a few bytes.
pub fn bomb() -> Vec<u8> {
    claiming(100_000, 100_000)
}

/// A PNG of one pixel that claims another size.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bomb = photo(1, 1);
    bomb[16..20].copy_from_slice(&width.to_be_bytes());
    bomb[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    bomb
}

/// A large PNG of 16 bits for each of four channels that is to be turned: it has few bytes and takes
/// much memory.
pub fn deep(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = ImageBuffer::<Rgba<u16>, _>::new(width, height);
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    with_chunk(&bytes.into_inner(), b"eXIf", &exif_turned())
}

/// A small PNG whose colour profile unpacks to that many bytes.
pub fn profile_bomb(bytes: usize) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&vec![0; bytes]).unwrap();
    let chunk = [b"p\0\0".as_slice(), &packed.finish().unwrap()].concat();
    with_chunk(&photo(300, 300), b"iCCP", &chunk)
}

/// A PNG that has two frames.
pub fn apng() -> Vec<u8> {
    with_chunk(&photo(30, 20), b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])
}

/// Puts a chunk behind the head of a PNG.
fn with_chunk(png: &[u8], kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&png[..33], &length, &body, &crc32(&body).to_be_bytes(), &png[33..]].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// A GIF of one pixel with that many frames.
pub fn gif(frames: usize) -> Vec<u8> {
    let head = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0";
    let frame = b"!\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0";
    [head.as_slice(), &frame.repeat(frames), b";"].concat()
}

/// A WebP of one colour, which has few bytes at any size.
pub fn flat_webp(width: u32, height: u32) -> Vec<u8> {
    // Signature and size; then, bit by bit: no transform, no cache, no groups, and five codes of one
    // symbol each, so that the pixels take no bits at all.
    let size = ((width - 1) | ((height - 1) << 14)).to_le_bytes();
    let eight = |symbol: u64| (0b101 | (symbol << 3), 11);
    let codes = [(0, 3), eight(200), eight(80), eight(40), eight(255), (0b0001, 4)];
    let (mut bits, mut count) = (0_u64, 0);
    for (code, length) in codes {
        bits |= code << count;
        count += length;
    }
    let image = [b"\x2f".as_slice(), &size, &bits.to_le_bytes(), &[0; 3]].concat();
    webp(&[(b"VP8L", &image)])
}

/// A WebP that says that it has several frames.
pub fn moving_webp() -> Vec<u8> {
    webp(&[(b"VP8X", &[2, 0, 0, 0, 39, 0, 0, 29, 0, 0]), (b"ANIM", &[0; 6])])
}

fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend_from_slice(*kind);
        body.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend_from_slice(data);
    }
    [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

/// A real AVIF of 2 × 2 pixels.
pub fn avif() -> Vec<u8> {
    let text = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAA\
                AAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAB0AAAAo\
                aWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAA\
                AAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAAABNjb2xybmNseAACAAIAAYAAAAAXaXBtYQAAAAAA\
                AAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A=";
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// The beginning of a photo that an iPhone took.
pub fn heic() -> Vec<u8> {
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat".to_vec()
}
