declare namespace App {
  interface Locals {
    session: import('@tokenkeep/ssr').ServerSession
  }
}
