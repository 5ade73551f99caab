/** Reads the options of `npm start`. Throws an error of one line for any other. */
export const readOptions = (args) => {
  const unknown = args.find((arg) => arg !== '--ssr')
  if (unknown === undefined) return { ssr: args.length > 0 }
  throw new Error(`npm start does not know ${unknown}: its only option is --ssr, as in npm start -- --ssr`)
}
