// Rendered once, by the build, for everybody.
export const prerender = true
