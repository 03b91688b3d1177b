/** Styles are esbuild's affair. */
declare module '*.css'
