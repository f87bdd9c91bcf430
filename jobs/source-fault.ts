/** The publisher's file is at fault: the release is refused with this sentence and the good one stays. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}
