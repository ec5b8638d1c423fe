use super::facts::Marks;

/// Side of the picture in pixels.
pub(crate) const SIDE: u8 = 32;

const WHITE: [u8; 4] = [255, 255, 255, 255];
const RED: [u8; 4] = [200, 30, 30, 255];
const INK: [u8; 4] = [20, 30, 60, 255];

/// The picture with its marks, RGBA: a disc at the top for what was not read, an arrow pointing up at
/// the foot for what was not sent. Their shapes and places tell them apart where colours do not.
pub(crate) fn picture(marks: Marks) -> Vec<u8> {
    let mut pixels = tauri::include_image!("../icons/32x32.png").rgba().to_vec();
    for (at, pixel) in (0_u16..).zip(pixels.chunks_exact_mut(4)) {
        let side = u16::from(SIDE);
        let (x, y) = (f32::from(at % side), f32::from(at / side));
        if marks.unread {
            paint(pixel, disc(x, y), RED);
        }
        if marks.unsent {
            paint(pixel, arrow(x, y), INK);
        }
    }
    pixels
}

/// How far outside of a shape a pixel is: below 0 it is inside.
fn disc(x: f32, y: f32) -> f32 {
    (x - 24.5).hypot(y - 6.5) - 5.5
}

fn arrow(x: f32, y: f32) -> f32 {
    // Its tip at (24, 17), its foot from (18, 29) to (30, 29).
    let side = ((x - 24.0).abs() * 2.0 - (y - 17.0)) / 2.2;
    side.max(y - 29.0)
}

/// A white rim keeps a mark apart from what is under it.
fn paint(pixel: &mut [u8], outside: f32, colour: [u8; 4]) {
    if outside <= 0.0 {
        pixel.copy_from_slice(&colour);
    } else if outside <= 1.6 {
        pixel.copy_from_slice(&WHITE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture without its colours, as who sees none has it.
    fn grey(unread: bool, unsent: bool) -> Vec<u8> {
        let pixels = picture(Marks { unread, unsent });
        pixels
            .chunks_exact(4)
            .map(|pixel| match pixel {
                [r, g, b, a] => {
                    let sum = u32::from(*r) + u32::from(*g) + u32::from(*b);
                    u8::try_from(sum * u32::from(*a) / (3 * 255)).unwrap_or(u8::MAX)
                }
                _ => 0,
            })
            .collect()
    }

    #[test]
    fn unread_and_unsent_are_told_apart_without_colour() {
        let plain = grey(false, false);
        let differing = |other: &[u8]| -> Vec<usize> {
            let pairs = plain.iter().zip(other).enumerate();
            pairs
                .filter(|(_, (a, b))| a.abs_diff(**b) > 40)
                .map(|(at, _)| at)
                .collect()
        };
        let (unread, unsent) = (differing(&grey(true, false)), differing(&grey(false, true)));
        assert!(unread.len() > 20 && unsent.len() > 20);
        // Each has a half of the picture to itself.
        let middle = usize::from(SIDE) * 15;
        assert!(unread.iter().all(|at| *at < middle));
        assert!(unsent.iter().all(|at| *at >= middle));
    }
}
