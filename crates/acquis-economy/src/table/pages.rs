//! The headers of the pages of a Parquet column, looked at before the decoder is: it takes as
//! much memory as a header claims, and a page of a few bytes may claim two gigabytes.
//!
//! A header is a Thrift struct in the compact protocol. What is wanted of it are two sizes and
//! how the values are written; all else is passed over.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};

/// What the pages of a column of one group of rows claim.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The largest page, once it is decompressed.
    pub(super) largest: u64,
    /// Whether texts are written as what they share with the text before: each may be as
    /// long as a page.
    pub(super) is_incremental: bool,
}

impl Pages {
    /// Looks at the pages in these bytes of a file.
    pub(super) fn look(file: &File, start: u64, length: u64) -> io::Result<Self> {
        let mut reader = BufReader::new(file);
        reader.seek(SeekFrom::Start(start))?;
        let mut header = Header {
            reader: reader.take(length),
            pages: Self::default(),
            compressed: 0,
        };
        while !header.reader.fill_buf()?.is_empty() {
            header.read(Struct::Page, 0)?;
            header.pass(header.compressed)?;
        }
        Ok(header.pages)
    }
}

/// The encoding `DELTA_BYTE_ARRAY`.
const INCREMENTAL: i64 = 7;
/// No header has structs within structs to this depth.
const DEEPEST: usize = 16;

/// The structs whose fields are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Struct {
    Page,
    Data,
    DataOfVersion2,
    Other,
}

struct Header<'f> {
    reader: io::Take<BufReader<&'f File>>,
    pages: Pages,
    /// How many bytes the last page takes in the file.
    compressed: u64,
}

impl Header<'_> {
    fn read(&mut self, of: Struct, depth: usize) -> io::Result<()> {
        const INT: u8 = 5;
        const STRUCT: u8 = 12;
        if depth > DEEPEST {
            return Err(damaged());
        }
        let mut field = 0;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0f;
            if kind == 0 {
                return Ok(());
            }
            field = match i64::from(head >> 4) {
                0 => self.number()?,
                step => field + step,
            };
            match (of, field, kind) {
                (Struct::Page, 2, INT) => {
                    let size = self.size()?;
                    self.pages.largest = self.pages.largest.max(size);
                }
                (Struct::Page, 3, INT) => self.compressed = self.size()?,
                (Struct::Data, 2, INT) | (Struct::DataOfVersion2, 4, INT) => {
                    self.pages.is_incremental |= self.number()? == INCREMENTAL;
                }
                (Struct::Page, 5, STRUCT) => self.read(Struct::Data, depth + 1)?,
                (Struct::Page, 8, STRUCT) => self.read(Struct::DataOfVersion2, depth + 1)?,
                (Struct::Page, 2 | 3 | 5 | 8, _)
                | (Struct::Data, 2, _)
                | (Struct::DataOfVersion2, 4, _) => return Err(damaged()),
                _ => self.skip(kind, depth)?,
            }
        }
    }

    /// Passes over a value.
    fn skip(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        match kind {
            // True and false stand in the kind itself.
            1 | 2 => Ok(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 if depth < DEEPEST => {
                let head = self.byte()?;
                let count = match u64::from(head >> 4) {
                    15 => self.varint()?,
                    few => few,
                };
                for _ in 0..count {
                    match head & 0x0f {
                        // In a list they take a byte.
                        1 | 2 => self.pass(1)?,
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
                Ok(())
            }
            12 => self.read(Struct::Other, depth + 1),
            _ => Err(damaged()),
        }
    }

    fn pass(&mut self, bytes: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.reader.by_ref().take(bytes), &mut io::sink())?;
        if passed == bytes {
            Ok(())
        } else {
            Err(damaged())
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.reader.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(damaged())
    }

    /// A number with a sign.
    fn number(&mut self) -> io::Result<i64> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn size(&mut self) -> io::Result<u64> {
        u64::try_from(self.number()?).map_err(|_| damaged())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a page has a damaged header")
}
