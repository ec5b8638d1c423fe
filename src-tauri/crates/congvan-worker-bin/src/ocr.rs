//! The OCR worker's loop.

use congvan_ocr::{Engine, Picture};
use congvan_worker::{
    OcrError,
    wire::{FromOcr, OcrCall, OcrReply, ToOcr},
};

use crate::{pipes::Channel, render, vocabulary};

/// Answers calls until the desk closes the pipe.
pub(crate) fn serve(mut engine: Engine, channel: Channel) -> anyhow::Result<()> {
    while let Some(ToOcr { id, call }) = channel.receive()? {
        let result = answer(&mut engine, &call);
        channel.send(&FromOcr { id, result })?;
    }
    Ok(())
}

fn answer(engine: &mut Engine, call: &OcrCall) -> Result<OcrReply, OcrError> {
    match call {
        OcrCall::Read { picture, layout } => {
            let sides = (picture.width, picture.height);
            let picture = Picture {
                width: picture.width,
                height: picture.height,
                dpi: picture.dpi,
                pixels: &picture.pixels,
            };
            let lines = engine
                .read(&picture, vocabulary::ocr_layout(*layout))
                .map_err(vocabulary::ocr_error)?;
            Ok(OcrReply::Lines(vocabulary::ocr_lines(lines, sides)))
        }
        OcrCall::Probe => Ok(OcrReply::Probed(render::probe())),
    }
}
