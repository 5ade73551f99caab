// Rendered once, by the build, for everybody.
export { Public as default } from '../public'
