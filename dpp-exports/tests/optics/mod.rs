//! Looking at SVGs as a scanner does: two ways to pixels, and a decoder of pixels.

#![allow(dead_code, reason = "each test file uses its part")]

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use rqrr::{Grid, PreparedImage, SimpleGrid};

const QUIET_ZONE: usize = 4;

/// Pixels, row by row; true is dark. A side is how long a row is.
pub(crate) struct Picture {
    pub(crate) side: usize,
    dark: Vec<bool>,
}

impl Picture {
    /// The side is in modules, with the quiet zone.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }

    /// What the path of a code covers, one pixel a module; panics if anything is covered twice or
    /// lies outside the `viewBox`.
    pub(crate) fn of_path(svg: &[u8]) -> Self {
        let svg = str::from_utf8(svg).unwrap();
        let side = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
        let mut picture = Self {
            side,
            dark: vec![false; side * side],
        };
        let (mut x, mut y) = (0_i32, 0_i32);
        for run in between(svg, " d=\"", "\"").split_terminator('z') {
            let (start, length) = run.split_once("v1h-").unwrap();
            let length = length.strip_suffix("v-1").unwrap();
            let (command, start) = start.split_at(1);
            let (dx, dy) = start.split_once(' ').unwrap();
            let (dx, dy): (i32, i32) = (dx.parse().unwrap(), dy.parse().unwrap());
            (x, y) = match command {
                "M" => (dx, dy),
                "m" => (x + dx, y + dy),
                command => panic!("{command}"),
            };
            for column in x - length.parse::<i32>().unwrap()..x {
                let pixel = &mut picture.dark[y as usize * side + column as usize];
                assert!(!*pixel && x < side as i32, "{column} {y}");
                *pixel = true;
            }
        }
        picture
    }

    /// What a renderer makes of it on white, some pixels a module.
    pub(crate) fn rendered(svg: &[u8], pixels: u32) -> Self {
        let pixmap = render(svg, pixels);
        let dark = pixmap.pixels().iter().map(|pixel| {
            let parts = [pixel.red(), pixel.green(), pixel.blue()];
            parts.into_iter().map(u32::from).sum::<u32>() < 3 * 128
        });
        Self {
            side: pixmap.width() as usize,
            dark: dark.collect(),
        }
    }

    /// What another decoder finds and reads in it, each pixel seen as so many.
    pub(crate) fn find_otherwise(&self, by: usize) -> String {
        let side = self.side * by;
        let pixel = |at: usize| self.is_dark(at % side / by, at / side / by);
        let grey: Vec<u8> = (0..side * side)
            .map(|at| if pixel(at) { 0 } else { 255 })
            .collect();
        let mut decoder = quircs::Quirc::default();
        let mut codes = decoder.identify(side, side, &grey);
        let code = codes.next().unwrap().unwrap().decode().unwrap();
        assert!(codes.next().is_none());
        String::from_utf8(code.payload).unwrap()
    }

    /// The text of the QR code that is known to fill it but for the quiet zone, of so many
    /// pixels a module: a module is what its middle is.
    pub(crate) fn read(&self, pixels: usize) -> String {
        let modules = self.side / pixels - 2 * QUIET_ZONE;
        let middle = |at: usize| (at + QUIET_ZONE) * pixels + pixels / 2;
        let is_dark = |x, y| self.is_dark(middle(x), middle(y));
        let (_, text) = Grid::new(SimpleGrid::from_func(modules, is_dark))
            .decode()
            .unwrap();
        text
    }

    /// A square part of it.
    pub(crate) fn part(&self, left: usize, top: usize, side: usize) -> Self {
        let row = |y| (left..left + side).map(move |x| self.is_dark(x, y));
        Self {
            side,
            dark: (top..top + side).flat_map(row).collect(),
        }
    }

    /// The text of the only QR code that is found in it. Each pixel is seen as so many, both
    /// ways. This takes some hundred times as long as [`read`](Self::read).
    pub(crate) fn find(&self, by: usize) -> String {
        let side = self.side * by;
        let is_dark = |x, y| self.is_dark(x / by, y / by);
        let mut image = PreparedImage::prepare_from_bitmap(side, side, is_dark);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        let (_, text) = grids[0].decode().unwrap();
        text
    }
}

/// An SVG on white, so many pixels a unit.
pub(crate) fn render(svg: &[u8], pixels: u32) -> Pixmap {
    let tree = Tree::from_data(svg, &Options::default()).unwrap();
    let size = tree.size();
    let side = |side: f32| (side * pixels as f32).ceil() as u32;
    let mut pixmap = Pixmap::new(side(size.width()), side(size.height())).unwrap();
    pixmap.fill(Color::WHITE);
    let scale = Transform::from_scale(pixels as f32, pixels as f32);
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    pixmap
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}
