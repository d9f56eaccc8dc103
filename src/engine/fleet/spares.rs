//! Replicas that stand by: as many as were asked for, and as many as the loss of a whole zone takes.

/// What decides how many stand by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spares {
    /// At least so many.
    pub least: u32,
    /// Zones that the fleet is spread over evenly; from two on, one of them may fail.
    pub zones: u32,
}

impl Spares {
    /// Always so many.
    pub const fn fixed(least: u32) -> Self {
        Self { least, zones: 1 }
    }

    /// Zones that are left when one fails; nothing where none may.
    fn zones_left(self) -> Option<f64> {
        (self.zones > 1).then(|| f64::from(self.zones - 1))
    }

    /// Spares beside the replicas that carry the load. A zone holds `ceil(all / zones)` at most, and that many may be lost
    /// exactly if the zones left share the load with none of them above `ceil(carrying / (zones - 1))`.
    #[inline]
    pub fn beside(self, carrying: f64) -> f64 {
        let least = f64::from(self.least);
        self.zones_left().map_or(least, |left| least.max((carrying / left).ceil()))
    }

    /// Fewest replicas that carry the load (a whole number where zones count) in a fleet of at least `all`.
    pub fn carrying_in(self, all: f64) -> f64 {
        let beside_least = all - f64::from(self.least);
        let Some(left) = self.zones_left().filter(|_| all.is_finite()) else { return beside_least };
        // Every `left` that carry bring one spare, which is there from the first of them on.
        let (all, rounds) = (all.ceil(), (all.ceil() / (left + 1.0)).floor());
        let rest = all - rounds * (left + 1.0);
        beside_least.min(rounds * left + (rest - 1.0).max(rest.min(1.0)))
    }

    /// Replicas that carry the load from which on more of them need more spares; infinite where they never do.
    pub fn grow_from(self) -> f64 {
        self.zones_left().map_or(f64::INFINITY, |left| f64::from(self.least) * left)
    }

    /// Replicas after which the fleet grows as it did before: one spare for so many that carry.
    pub fn period(self) -> f64 {
        self.zones_left().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_fleets() {
        let spares = |least, zones, carrying| Spares { least, zones }.beside(carrying);
        assert_eq!(Spares::fixed(1).beside(7.0), 1.0);
        // Two zones: everything twice. Three: half as much again.
        assert_eq!((spares(1, 2, 1.0), spares(1, 2, 4.0)), (1.0, 4.0));
        assert_eq!((spares(0, 3, 1.0), spares(0, 3, 4.0), spares(0, 3, 5.0)), (1.0, 2.0, 3.0));
        assert_eq!(spares(5, 3, 4.0), 5.0);
    }

    /// As many as were asked for are enough up to here, and one replica more needs one spare more.
    #[test]
    fn spares_grow_from_where_those_asked_for_are_used_up() {
        for (zones, least) in (2..7).flat_map(|z| [0, 1, 3].map(|l| (z, l))) {
            let s = Spares { least, zones };
            let from = s.grow_from();
            assert_eq!((s.beside(from), s.beside(from + 1.0)), (f64::from(least), f64::from(least) + 1.0), "{s:?}");
        }
        assert_eq!(Spares::fixed(2).grow_from(), f64::INFINITY);
    }

    #[test]
    fn a_zone_may_fail_with_these_spares_and_not_with_one_fewer() {
        for (zones, carrying) in (2..8).flat_map(|z| (1..60).map(move |n| (z, f64::from(n)))) {
            let left = |spares: f64| {
                let all = carrying + spares;
                all - (all / f64::from(zones)).ceil()
            };
            let needed = Spares { least: 0, zones }.beside(carrying);
            assert!(left(needed) >= carrying, "{zones} zones, {carrying}");
            assert!(left(needed - 1.0) < carrying, "{zones} zones, {carrying}");
        }
    }

    #[test]
    fn the_fewest_that_carry_in_a_fleet_are_the_fewest() {
        for (zones, least) in (2..7).flat_map(|z| [0, 1, 3].map(|l| (z, l))) {
            let s = Spares { least, zones };
            for all in 1..80 {
                let fits = |n: f64| n + s.beside(n) >= f64::from(all);
                let fewest = (1..200).map(f64::from).find(|n| fits(*n)).unwrap_or(f64::NAN);
                assert_eq!(s.carrying_in(f64::from(all)).ceil().max(1.0), fewest, "{s:?} in {all}");
            }
        }
        assert_eq!(Spares::fixed(2).carrying_in(4.5), 2.5);
        assert_eq!(Spares { least: 1, zones: 3 }.carrying_in(f64::INFINITY), f64::INFINITY);
    }
}
