// The matcher of the proxy leaves this page out.
export { Rendered as default } from '../../rendered.tsx'
