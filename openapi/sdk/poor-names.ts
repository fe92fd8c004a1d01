/** Names that a generator makes up where the document has none, and names that it numbers to tell two apart. */
export const MADE_UP = [
  /^Inline/,
  /Inner$/,
  /\d$/,
  /(AnyOf|OneOf|AllOf)/,
  /Type\d/,
  // PHP has a ModelInterface of its own.
  /^Model(?!Interface$)[A-Z]/,
  /Application\w*json/i
]

/** Types of standard libraries. A file that uses one of them and a type of the client with its name must qualify one. */
export const WELL_KNOWN: ReadonlySet<string> = new Set(
  [
    // Java and Kotlin
    'Array Collection Collector Comparable Consumer Entry Enum Error Exception Function Future Iterable Iterator List Map',
    'Module Number Object Optional Package Pair Process Queue Record Result Scanner Sequence Set Stream String System',
    'Thread Timer',
    // C#
    'Action Buffer Capture Console Delegate Environment Group Index Match Range Random Task Tuple Type Uri Version',
    // PHP and Ruby
    'Class Closure Countable Data DateTime Dir Directory Fiber File Generator Hash Integer Method Proc Signal Struct Time'
  ].flatMap((names) => names.split(' '))
)
