use super::{MIN_SIDE, MOST_BYTES, MOST_PIXELS, Picture};

/// Why an upload is no picture that the shop takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// By its first bytes it is none of the known types.
    #[error("is not a JPEG, PNG, WebP or GIF picture")]
    UnknownType,
    /// It has more than [`MOST_BYTES`] bytes.
    #[error("must have at most {MOST_BYTES} bytes")]
    TooManyBytes,
    /// Its width times its height is more than [`MOST_PIXELS`].
    #[error("must have at most {MOST_PIXELS} pixels, and has {width} x {height}")]
    TooManyPixels {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
    },
    /// It is too narrow or too low.
    #[error("must be at least {MIN_SIDE} pixels wide and high, and has {width} x {height}")]
    TooSmall {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
    },
    /// It moves.
    #[error("must be a single picture, not an animation")]
    Animated,
    /// It cannot be decoded. Says what is wrong.
    #[error("cannot be decoded: {0}")]
    Broken(String),
}

/// How many frames a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    /// A picture that does not move.
    Single,
    /// An animation, which is refused.
    Several,
}

impl Picture {
    /// Checks what the header of a picture says, before anything is decoded.
    ///
    /// # Errors
    /// If it is too small, or would take too much memory.
    pub fn expect_sides(width: u32, height: u32) -> Result<(), PictureFault> {
        if width < MIN_SIDE || height < MIN_SIDE {
            return Err(PictureFault::TooSmall { width, height });
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MOST_PIXELS { Err(PictureFault::TooManyPixels { width, height }) } else { Ok(()) }
    }

    /// Checks that a picture does not move.
    ///
    /// # Errors
    /// If it does.
    pub const fn expect_still(frames: Frames) -> Result<(), PictureFault> {
        match frames {
            Frames::Single => Ok(()),
            Frames::Several => Err(PictureFault::Animated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_16_pixels_a_side_at_least_and_25_million_at_most_r210() {
        for (width, height) in [(16, 16), (5000, 5000), (1_562_500, 16), (16, 40)] {
            assert_eq!(Picture::expect_sides(width, height), Ok(()), "{width} x {height}");
        }
        for (width, height) in [(15, 16), (16, 15), (1, 100_000), (0, 0)] {
            let refused = Picture::expect_sides(width, height);
            assert_eq!(refused, Err(PictureFault::TooSmall { width, height }));
        }
        for (width, height) in [(5000, 5001), (u32::MAX, u32::MAX), (1_562_501, 16)] {
            let refused = Picture::expect_sides(width, height);
            assert_eq!(refused, Err(PictureFault::TooManyPixels { width, height }));
        }
    }

    #[test]
    fn a_fault_says_what_is_allowed_r210() {
        let said = |fault: PictureFault| fault.to_string();
        assert_eq!(said(PictureFault::TooManyBytes), "must have at most 15000000 bytes");
        let pixels = said(PictureFault::TooManyPixels { width: 6000, height: 5000 });
        assert_eq!(pixels, "must have at most 25000000 pixels, and has 6000 x 5000");
        assert!(said(PictureFault::TooSmall { width: 1, height: 9 }).contains("at least 16 pixels"));
    }
}
