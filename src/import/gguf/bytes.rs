//! A cursor over the front of a file that says how many bytes it would need.

/// The front ends too early: at least this many bytes are needed.
pub(super) struct Short(pub u64);

pub(super) struct Bytes<'a> {
    front: &'a [u8],
    at: u64,
}

impl<'a> Bytes<'a> {
    pub fn new(front: &'a [u8]) -> Self {
        Self { front, at: 0 }
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: u64) -> Result<&'a [u8], Short> {
        let end = self.at.saturating_add(n);
        let range = usize::try_from(self.at).ok().zip(usize::try_from(end).ok());
        let part = range.and_then(|(from, to)| self.front.get(from..to)).ok_or(Short(end))?;
        self.at = end;
        Ok(part)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Short> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N as u64)?);
        Ok(out)
    }

    pub fn u32(&mut self) -> Result<u32, Short> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn u64(&mut self) -> Result<u64, Short> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}
