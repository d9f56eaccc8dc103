//! Sobol points: draws that fill a box of many inputs more evenly than random ones, the same on every machine.
//!
//! Direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections",
//! SIAM J. Sci. Comput. 30 (2008), file new-joe-kuo-6. Points come in Gray-code order, moved by a fixed digital shift.

/// Inputs that can be drawn at once.
pub const DIMENSIONS: usize = 32;
/// Bits of a coordinate.
const BITS: usize = 32;

/// Degree, coefficients and first direction numbers of dimensions 2 and up.
const JOE_KUO: [(u32, u32, [u32; 7]); DIMENSIONS - 1] = [
    (1, 0, [1, 0, 0, 0, 0, 0, 0]),
    (2, 1, [1, 3, 0, 0, 0, 0, 0]),
    (3, 1, [1, 3, 1, 0, 0, 0, 0]),
    (3, 2, [1, 1, 1, 0, 0, 0, 0]),
    (4, 1, [1, 1, 3, 3, 0, 0, 0]),
    (4, 4, [1, 3, 5, 13, 0, 0, 0]),
    (5, 2, [1, 1, 5, 5, 17, 0, 0]),
    (5, 4, [1, 1, 5, 5, 5, 0, 0]),
    (5, 7, [1, 1, 7, 11, 19, 0, 0]),
    (5, 11, [1, 1, 5, 1, 1, 0, 0]),
    (5, 13, [1, 1, 1, 3, 11, 0, 0]),
    (5, 14, [1, 3, 5, 5, 31, 0, 0]),
    (6, 1, [1, 3, 3, 9, 7, 49, 0]),
    (6, 13, [1, 1, 1, 15, 21, 21, 0]),
    (6, 16, [1, 3, 1, 13, 27, 49, 0]),
    (6, 19, [1, 1, 1, 15, 7, 5, 0]),
    (6, 22, [1, 3, 1, 15, 13, 25, 0]),
    (6, 25, [1, 1, 5, 5, 19, 61, 0]),
    (7, 1, [1, 3, 7, 11, 23, 15, 103]),
    (7, 4, [1, 3, 7, 13, 13, 15, 69]),
    (7, 7, [1, 1, 3, 13, 7, 35, 63]),
    (7, 8, [1, 3, 5, 9, 1, 25, 53]),
    (7, 14, [1, 3, 1, 13, 9, 35, 107]),
    (7, 19, [1, 3, 1, 5, 27, 61, 31]),
    (7, 21, [1, 1, 5, 11, 19, 41, 61]),
    (7, 28, [1, 3, 5, 3, 3, 13, 69]),
    (7, 31, [1, 1, 7, 13, 1, 19, 1]),
    (7, 32, [1, 3, 7, 5, 13, 19, 59]),
    (7, 37, [1, 1, 3, 9, 25, 29, 41]),
    (7, 41, [1, 3, 5, 13, 23, 1, 55]),
    (7, 42, [1, 3, 7, 3, 13, 59, 17]),
];

/// A sequence of points in the unit box.
#[derive(Debug, Clone)]
pub struct Sobol {
    directions: Vec<[u32; BITS]>,
    state: Vec<u32>,
    index: u32,
}

impl Sobol {
    /// A sequence over so many dimensions (at most [`DIMENSIONS`]).
    pub fn new(dimensions: usize) -> Self {
        let n = dimensions.min(DIMENSIONS);
        Self { directions: (0..n).map(directions).collect(), state: (0..n).map(shift).collect(), index: 0 }
    }

    /// Move to the next point; the coordinates are whole numbers of 2^-32.
    #[inline]
    pub fn next_point(&mut self) -> &[u32] {
        if self.index > 0 {
            let bit = (self.index - 1).trailing_ones() as usize;
            for (state, direction) in self.state.iter_mut().zip(&self.directions) {
                *state ^= direction[bit.min(BITS - 1)];
            }
        }
        self.index = self.index.wrapping_add(1);
        &self.state
    }
}

/// A fixed digital shift per dimension (splitmix32 of the dimension), so that no coordinate starts at 0.
fn shift(dimension: usize) -> u32 {
    let mut z = (dimension as u32 + 1).wrapping_mul(0x9E37_79B9);
    z = (z ^ (z >> 16)).wrapping_mul(0x21F0_AAAD);
    z = (z ^ (z >> 15)).wrapping_mul(0x735A_2D97);
    z ^ (z >> 15)
}

fn directions(dimension: usize) -> [u32; BITS] {
    let mut v = [0_u32; BITS];
    if dimension == 0 {
        for (i, direction) in v.iter_mut().enumerate() {
            *direction = 1 << (31 - i);
        }
        return v;
    }
    let (degree, coefficients, first) = JOE_KUO[dimension - 1];
    let s = degree as usize;
    for i in 0..BITS {
        v[i] = if i < s {
            first[i] << (31 - i)
        } else {
            let mut x = v[i - s] ^ (v[i - s] >> s);
            for k in 1..s {
                if (coefficients >> (s - 1 - k)) & 1 == 1 {
                    x ^= v[i - k];
                }
            }
            x
        };
    }
    v
}

#[cfg(test)]
mod tests {
    //! Every dimension alone is evenly filled; pairs of dimensions integrate a product better than random draws do.

    use super::*;

    #[test]
    fn each_dimension_puts_one_point_in_every_cell() {
        let mut sobol = Sobol::new(DIMENSIONS);
        let mut seen = vec![vec![false; 1024]; DIMENSIONS];
        for _ in 0..1024 {
            for (d, &x) in sobol.next_point().iter().enumerate() {
                let cell = &mut seen[d][(x >> 22) as usize];
                assert!(!*cell, "dimension {d} hits a cell twice");
                *cell = true;
            }
        }
    }

    #[test]
    fn pairs_integrate_a_product() {
        let mut sobol = Sobol::new(DIMENSIONS);
        let mut sums = vec![vec![0.0; DIMENSIONS]; DIMENSIONS];
        let n = 8192;
        for _ in 0..n {
            let u: Vec<f64> = sobol.next_point().iter().map(|&x| f64::from(x) / 4_294_967_296.0 - 0.5).collect();
            for a in 0..DIMENSIONS {
                for b in 0..a {
                    sums[a][b] += u[a] * u[b];
                }
            }
        }
        for (a, row) in sums.iter().enumerate() {
            for (b, sum) in row.iter().enumerate().take(a) {
                // Random draws would miss 0 by 1/12/sqrt(8192) = 0.0009.
                assert!((sum / f64::from(n)).abs() < 0.0009, "{a} {b}: {}", sum / f64::from(n));
            }
        }
    }
}
