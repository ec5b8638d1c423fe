import { useEffect, useRef } from "react";
import type { Pixels } from "./image/pixels";

interface PixelCanvasProps {
  pixels: Pixels;
  label: string;
  className?: string | undefined;
  testId?: string;
}

/** Shows pixels. */
export function PixelCanvas({ pixels, label, className, testId }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const image = new ImageData(pixels.width, pixels.height);
    image.data.set(pixels.data);
    context?.putImageData(image, 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={pixels.width}
      height={pixels.height}
      className={className}
      role="img"
      aria-label={label}
      data-testid={testId}
    />
  );
}
