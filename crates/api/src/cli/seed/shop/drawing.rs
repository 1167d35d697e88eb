//! Pictures of the demo goods, drawn by the program: flat forms on a light ground.

/// The width and the height, in pixels.
pub(super) const EDGE: u16 = 400;
/// Points that are looked at in each direction of a pixel, so that edges are smooth.
const POINTS: u16 = 2;
/// Forms are described on a square of this width.
const SQUARE: f32 = 100.0;

/// A colour: red, green and blue.
pub(super) type Rgb = [u8; 3];

/// A form of a drawing, in units of the square; `y` grows downwards.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// Centre and half axes.
    Oval(f32, f32, f32, f32),
    /// Centre, half axes, and the width of the line.
    Ring(f32, f32, f32, f32, f32),
    /// Left, top, right, bottom, and the radius of the corners.
    Block(f32, f32, f32, f32, f32),
    /// The corners.
    Polygon(&'static [(f32, f32)]),
}

/// What a form is painted with.
#[derive(Debug, Clone, Copy)]
enum Paint {
    /// The colour of the product.
    Plain,
    /// The same, lighter or darker by a factor.
    Shade(f32),
    /// The ground, as if there was a hole.
    Ground,
}

/// The forms of a product, those in front last.
pub(super) struct Drawing(&'static [(Form, Paint)]);

use Form::{Block, Oval, Polygon, Ring};
use Paint::{Ground, Plain, Shade};

pub(super) const MUG: Drawing = Drawing(&[
    (Ring(66.0, 54.0, 15.0, 15.0, 6.0), Shade(0.9)),
    (Block(26.0, 32.0, 66.0, 80.0, 8.0), Plain),
    (Oval(46.0, 33.0, 20.0, 6.0), Shade(0.78)),
]);

pub(super) const TEAPOT: Drawing = Drawing(&[
    (Ring(74.0, 56.0, 13.0, 15.0, 5.0), Shade(0.9)),
    (Polygon(&[(12.0, 40.0), (20.0, 38.0), (38.0, 60.0), (34.0, 72.0)]), Shade(0.9)),
    (Oval(50.0, 58.0, 27.0, 22.0), Plain),
    (Oval(50.0, 39.0, 13.0, 5.0), Shade(1.12)),
    (Oval(50.0, 32.0, 4.0, 4.0), Shade(0.78)),
]);

pub(super) const PLATE: Drawing = Drawing(&[
    (Oval(50.0, 53.0, 37.0, 37.0), Shade(0.9)),
    (Oval(50.0, 52.0, 36.0, 36.0), Plain),
    (Ring(50.0, 52.0, 24.0, 24.0, 1.2), Shade(0.8)),
]);

pub(super) const SHIRT: Drawing = Drawing(&[
    (Polygon(&[(34.0, 22.0), (12.0, 36.0), (20.0, 52.0), (32.0, 45.0)]), Shade(0.9)),
    (Polygon(&[(66.0, 22.0), (88.0, 36.0), (80.0, 52.0), (68.0, 45.0)]), Shade(0.9)),
    (Polygon(&[(34.0, 22.0), (66.0, 22.0), (69.0, 84.0), (31.0, 84.0)]), Plain),
    (Oval(50.0, 22.0, 10.0, 7.0), Ground),
]);

pub(super) const SWEATER: Drawing = Drawing(&[
    (Polygon(&[(33.0, 22.0), (16.0, 34.0), (10.0, 78.0), (22.0, 80.0), (31.0, 48.0)]), Shade(0.9)),
    (Polygon(&[(67.0, 22.0), (84.0, 34.0), (90.0, 78.0), (78.0, 80.0), (69.0, 48.0)]), Shade(0.9)),
    (Block(30.0, 22.0, 70.0, 84.0, 6.0), Plain),
    (Block(30.0, 77.0, 70.0, 84.0, 2.0), Shade(0.8)),
    (Oval(50.0, 23.0, 11.0, 6.0), Shade(0.7)),
]);

pub(super) const SOCKS: Drawing = Drawing(&[
    (Block(38.0, 18.0, 58.0, 66.0, 4.0), Plain),
    (Polygon(&[(38.0, 56.0), (58.0, 60.0), (40.0, 84.0), (24.0, 80.0), (22.0, 68.0)]), Plain),
    (Oval(28.0, 74.0, 10.0, 9.0), Shade(0.8)),
    (Block(38.0, 18.0, 58.0, 28.0, 3.0), Shade(1.2)),
]);

pub(super) const CAP: Drawing = Drawing(&[
    (Oval(46.0, 56.0, 28.0, 28.0), Plain),
    (Block(10.0, 57.0, 90.0, 90.0, 0.0), Ground),
    (Polygon(&[(18.0, 57.0), (74.0, 57.0), (92.0, 66.0), (70.0, 65.0), (18.0, 61.0)]), Shade(0.8)),
    (Oval(46.0, 28.0, 3.0, 2.5), Shade(0.7)),
]);

pub(super) const BAG: Drawing = Drawing(&[
    (Ring(50.0, 38.0, 16.0, 24.0, 3.5), Shade(0.8)),
    (Block(24.0, 38.0, 76.0, 86.0, 3.0), Plain),
    (Oval(50.0, 62.0, 10.0, 10.0), Shade(0.85)),
]);

pub(super) const BACKPACK: Drawing = Drawing(&[
    (Ring(50.0, 22.0, 9.0, 9.0, 3.5), Shade(0.75)),
    (Block(26.0, 22.0, 74.0, 84.0, 18.0), Plain),
    (Block(33.0, 54.0, 67.0, 78.0, 6.0), Shade(0.85)),
    (Block(33.0, 54.0, 67.0, 58.0, 2.0), Shade(0.7)),
]);

pub(super) const NOTEBOOK: Drawing = Drawing(&[
    (Block(29.0, 19.0, 75.0, 85.0, 3.0), Shade(0.75)),
    (Block(27.0, 17.0, 73.0, 83.0, 3.0), Plain),
    (Block(27.0, 17.0, 34.0, 83.0, 2.0), Shade(0.85)),
    (Block(63.0, 17.0, 66.0, 83.0, 0.0), Shade(1.25)),
]);

pub(super) const POSTER: Drawing = Drawing(&[
    (Block(26.0, 14.0, 74.0, 86.0, 1.0), Shade(0.45)),
    (Block(29.0, 17.0, 71.0, 83.0, 0.0), Shade(1.35)),
    (Oval(50.0, 42.0, 13.0, 13.0), Plain),
    (Polygon(&[(29.0, 83.0), (29.0, 66.0), (44.0, 55.0), (58.0, 68.0), (71.0, 58.0), (71.0, 83.0)]), Shade(0.8)),
]);

pub(super) const CUSHION: Drawing = Drawing(&[
    (Block(18.0, 22.0, 82.0, 82.0, 20.0), Shade(0.88)),
    (Block(18.0, 20.0, 82.0, 79.0, 20.0), Plain),
    (Oval(50.0, 50.0, 3.0, 3.0), Shade(0.7)),
]);

impl Form {
    fn contains(self, x: f32, y: f32) -> bool {
        match self {
            Oval(centre_x, centre_y, half_width, half_height) => {
                ((x - centre_x) / half_width).powi(2) + ((y - centre_y) / half_height).powi(2) <= 1.0
            }
            Ring(centre_x, centre_y, half_width, half_height, line) => {
                Oval(centre_x, centre_y, half_width, half_height).contains(x, y)
                    && !Oval(centre_x, centre_y, half_width - line, half_height - line).contains(x, y)
            }
            Block(left, top, right, bottom, radius) => {
                let off = |at: f32, from: f32, to: f32| (from + radius - at).max(at - (to - radius)).max(0.0);
                off(x, left, right).hypot(off(y, top, bottom)) <= radius.max(f32::EPSILON)
            }
            Polygon(corners) => {
                let before = corners.last().into_iter().chain(corners);
                // A ray to the right crosses the border an odd number of times.
                let crossings = before
                    .zip(corners)
                    .filter(|((x0, y0), (x1, y1))| (*y0 > y) != (*y1 > y) && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0);
                crossings.count() % 2 == 1
            }
        }
    }
}

impl Drawing {
    /// The pixels of the product in a colour, from the top left, row by row.
    pub(super) fn pixels(&self, colour: Rgb) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(usize::from(EDGE) * usize::from(EDGE) * 3);
        for row in 0..EDGE {
            for column in 0..EDGE {
                pixels.extend(self.pixel(column, row, colour));
            }
        }
        pixels
    }

    fn pixel(&self, column: u16, row: u16, colour: Rgb) -> Rgb {
        let place = |pixel: u16, point: u16| {
            (f32::from(pixel) + (f32::from(point) + 0.5) / f32::from(POINTS)) * SQUARE / f32::from(EDGE)
        };
        let mut sum = [0_u16; 3];
        for (across, down) in (0..POINTS).flat_map(|across| (0..POINTS).map(move |down| (across, down))) {
            let point = self.at(place(column, across), place(row, down), colour);
            for (sum, part) in sum.iter_mut().zip(point) {
                *sum += u16::from(part);
            }
        }
        sum.map(|part| u8::try_from(part / (POINTS * POINTS)).unwrap_or(u8::MAX))
    }

    fn at(&self, x: f32, y: f32, colour: Rgb) -> Rgb {
        let paint = self.0.iter().rev().find(|(form, _)| form.contains(x, y)).map_or(Ground, |(_, paint)| *paint);
        match paint {
            Plain => colour,
            Shade(factor) => shade(colour, factor),
            // Lighter at the top, and a shadow below the product.
            Ground if Oval(50.0, 88.0, 34.0, 3.0).contains(x, y) => [214, 210, 202],
            Ground => shade([240, 237, 231], 1.02 - 0.05 * y / SQUARE),
        }
    }
}

fn shade(colour: Rgb, factor: f32) -> Rgb {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped to what fits")]
    colour.map(|part| (f32::from(part) * factor).clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_contains_what_is_in_its_border_r233() {
        let triangle = Polygon(&[(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)]);
        assert!(triangle.contains(1.0, 1.0) && !triangle.contains(9.0, 9.0) && !triangle.contains(-1.0, 1.0));
        let block = Block(0.0, 0.0, 10.0, 10.0, 5.0);
        assert!(block.contains(5.0, 0.5) && !block.contains(0.5, 0.5) && !block.contains(5.0, 11.0));
        let ring = Ring(0.0, 0.0, 10.0, 10.0, 2.0);
        assert!(ring.contains(9.0, 0.0) && !ring.contains(7.0, 0.0) && !ring.contains(11.0, 0.0));
    }

    #[test]
    fn a_drawing_has_the_colour_of_its_product_and_is_the_same_in_every_run_r233() {
        let colour = [62, 104, 168];
        let pixels = MUG.pixels(colour);
        assert_eq!(pixels.len(), usize::from(EDGE) * usize::from(EDGE) * 3);
        let middle = (usize::from(EDGE) * usize::from(EDGE) / 2 + usize::from(EDGE) * 2 / 5) * 3;
        assert_eq!(pixels.get(middle..middle + 3), Some(colour.as_slice()));
        assert_eq!(pixels, MUG.pixels(colour));
    }
}
