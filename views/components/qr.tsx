/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";

/** A QR code: dark on light whatever the theme, since cameras expect that. */
export function QrCode(props: {
  qr: { readonly size: number; readonly path: string };
  label: string;
}): JSX.Element {
  const { qr, label } = props;
  return (
    <svg class="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={label}>
      <path d={qr.path} />
    </svg>
  );
}
