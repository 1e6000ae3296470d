import { encode } from 'uqr';
import classes from './qr-code.module.css';

interface QrCodeProps {
  readonly value: string;
  /** What it is, for those who can't see it. */
  readonly label: string;
}

/** A QR code, dark on light in either colour scheme, since not every reader takes the reverse. */
export function QrCode({ value, label }: QrCodeProps) {
  const { data, size } = encode(value, { ecc: 'M', border: 2 });
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className={classes.code}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
