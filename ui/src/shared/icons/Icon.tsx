import { PATHS } from "./paths";

export type IconName = keyof typeof PATHS;

interface IconProps {
  name: IconName;
  size?: 16 | 20;
  className?: string | undefined;
}

/** One sign of the desk's own set. Always decoration: the word stands beside it or in a label. */
export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={size === 16 ? 1.75 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name].map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}
