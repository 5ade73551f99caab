export const Wordmark = () => (
  <p className="wordmark">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="12" />
      <path d="M16 4a12 12 0 1 1-12 12" />
    </svg>
    Tokenkeep
  </p>
)
