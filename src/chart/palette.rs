//! Colour means a side, everywhere: self-hosted blue, the same weights hosted vermilion, the nearest API green, a
//! frontier API purple; greys for everything else and one quiet warning tone.
//!
//! The four keep apart under protanopia, deuteranopia and tritanopia (they descend from Okabe and Ito's set, 2008) and
//! reach 4.5:1 against the page in their theme, so that labels can wear them. `style/tokens.css` repeats them.

use plotters::style::RGBColor;

/// Light or dark page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on light paper.
    #[default]
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// The theme of that id: `light` or `dark`.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

/// Who pays, or what is owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The fleet of one's own.
    SelfHosted,
    /// The same weights hosted by someone else.
    SameWeights,
    /// The cheapest API of nearest quality.
    Nearest,
    /// A frontier API.
    Frontier,
}

impl Side {
    /// Every side in the order of tables and legends.
    pub const ALL: [Self; 4] = [Self::SelfHosted, Self::SameWeights, Self::Nearest, Self::Frontier];

    /// The side of a Plan's role (`self_hosted`, `same_weights`, `nearest`, `frontier`).
    pub fn of_role(role: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.role() == role)
    }

    /// The Plan's word for it.
    pub const fn role(self) -> &'static str {
        match self {
            Self::SelfHosted => "self_hosted",
            Self::SameWeights => "same_weights",
            Self::Nearest => "nearest",
            Self::Frontier => "frontier",
        }
    }

    /// Its name at the end of a line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SelfHosted => "Self-hosted",
            Self::SameWeights => "Same weights",
            Self::Nearest => "Nearest API",
            Self::Frontier => "Frontier API",
        }
    }

    /// Its name inside a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::SelfHosted => "self-hosting",
            Self::SameWeights => "the same weights on an API",
            Self::Nearest => "the nearest API",
            Self::Frontier => "a frontier API",
        }
    }

    /// Dashes and gaps of its line, in pixels; empty for a solid line.
    pub const fn dash(self) -> &'static [f64] {
        match self {
            Self::SelfHosted => &[],
            Self::SameWeights => &[9.0, 4.0],
            Self::Nearest => &[2.5, 3.5],
            Self::Frontier => &[10.0, 3.5, 2.5, 3.5],
        }
    }
}

/// A meaning that a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The page itself.
    Paper,
    /// Words.
    Text,
    /// Quiet words: units, axis labels.
    Muted,
    /// Hairlines.
    Grid,
    /// The axis line and the reader's own marks.
    Axis,
    /// Something does not fit.
    Warning,
    /// A side.
    Of(Side),
    /// A tint of the memory hue, 0 darkest to 4 lightest.
    Memory(u8),
}

impl Ink {
    /// Its colour on a page.
    pub fn colour(self, theme: Theme) -> RGBColor {
        let (light, dark) = self.hex();
        let hex = if theme == Theme::Light { light } else { dark };
        RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    }

    /// Light and dark twin as 0xRRGGBB.
    pub const fn hex(self) -> (u32, u32) {
        match self {
            Self::Paper => (0xFD_FC_F9, 0x13_16_1B),
            Self::Text => (0x1C_1E_21, 0xE9_E7_E2),
            Self::Muted => (0x5D_61_67, 0xA3_A6_AB),
            Self::Grid => (0xE6_E3_DC, 0x2B_2F_36),
            Self::Axis => (0x8B_8E_92, 0x74_79_80),
            Self::Warning => (0x9A_5B_00, 0xE0_A8_4C),
            Self::Of(Side::SelfHosted) => (0x0B_5C_AD, 0x62_AE_F5),
            Self::Of(Side::SameWeights) => (0xC2_41_0C, 0xFF_8A_57),
            Self::Of(Side::Nearest) => (0x0A_75_54, 0x43_C5_9B),
            Self::Of(Side::Frontier) => (0x85_44_A0, 0xCB_9B_E6),
            Self::Memory(0) => (0x0A_4A_8C, 0x7D_BD_F8),
            Self::Memory(1) => (0x3F_7F_BF, 0x4E_90_CC),
            Self::Memory(2) => (0x76_A6_D4, 0x3B_72_A5),
            Self::Memory(3) => (0xA6_C6_E4, 0x2F_59_82),
            Self::Memory(_) => (0xD3_E2_F0, 0x26_43_60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(hex: u32) -> f64 {
        let channel = |shift: u32| {
            let c = f64::from((hex >> shift) & 0xFF) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { crate::math::pow((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    fn contrast(a: u32, b: u32) -> f64 {
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    #[test]
    fn words_and_sides_reach_the_contrast_of_text() {
        let (light, dark) = Ink::Paper.hex();
        let sides = Side::ALL.into_iter().map(Ink::Of);
        for ink in sides.chain([Ink::Text, Ink::Muted, Ink::Warning]) {
            let (l, d) = ink.hex();
            assert!(contrast(l, light) >= 4.5, "{ink:?} on light: {:.2}", contrast(l, light));
            assert!(contrast(d, dark) >= 4.5, "{ink:?} on dark: {:.2}", contrast(d, dark));
        }
        assert!(contrast(Ink::Axis.hex().0, light) >= 3.0 && contrast(Ink::Axis.hex().1, dark) >= 3.0);
    }

    #[test]
    fn sides_differ_by_more_than_colour() {
        for (i, a) in Side::ALL.into_iter().enumerate() {
            for b in Side::ALL.into_iter().skip(i + 1) {
                assert_ne!(a.dash(), b.dash());
                assert_ne!(a.label(), b.label());
            }
        }
    }
}
