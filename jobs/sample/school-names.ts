// Makes up names, streets and postcodes.
// Rule: every name begins with "Sample", and every postcode is in area ZZ, which does not exist.
import type { Random } from './random.js';

const FIRST = (
  'Oak Ash Elm Birch Hazel Maple Willow Rowan Thorn Fern Heather Moor Mill Brook River Stone ' +
  'Castle Bridge Church Park Hill Vale Lake Marsh Beacon Clover Rose Lark Swan Heron Fox Badger ' +
  'Hare Otter Kestrel Raven North South West East High Long Broad Green White Red Silver Gold ' +
  'Summer Winter Spring Harvest Orchard Cherry Apple Pear Barley Wheat Copper Chêne Café'
).split(' ');
const SECOND = (
  'field wood ford bridge mead brook ley hurst dale combe stead gate croft mere bank view lands ' +
  'well bourne ridge shaw holme grove cliffe water side thorpe wick den moor leigh worth hope ' +
  'garth heath mount acre haven'
).split(' ');
const SAINTS = (
  'Aldric Benet Cedra Delwyn Éloi Fenna Godric Hilla Isolde Joram Kenna Leofa Mildra Noëlle ' +
  'Osric Petroc Quintin Rhona Sidwell Torvald Ursa Wenna Yves Zoë'
).split(' ');
const TRUST_FIRST = (
  'Meadow|Harbour|Lantern|Compass|Bridge|Cornerstone|Horizon|Pathway|Keystone|Beacon|Summit|' +
  'Orchard|Rivers|Northern Star|Southern Star|Evergreen|Acorn|Pioneer|Unity|Aspire|Endeavour|' +
  'Discovery|Heritage|Skylark|Kingfisher|Oakleaf|Tapestry|Mosaic|Anchor|Lighthouse'
).split('|');
const TRUST_SECOND = (
  'Learning Trust|Academies Trust|Multi-Academy Trust|Education Trust|Schools Partnership|' + 'Schools Trust'
).split('|');
const STREETS = 'Road Lane Street Avenue Way Close Drive'.split(' ');
const POSTCODE_LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

/** Every first half with every second half, in an order of chance: stems repeat only when all are used. */
export function schoolStems(random: Random): string[] {
  return random.shuffled(FIRST.flatMap((first) => SECOND.map((second) => first + second)));
}

/** A saint nobody knows; half of the names with a typographic apostrophe, as in the register. */
export function saintName(random: Random): string {
  return `St ${random.pick(SAINTS)}${random.chance(0.5) ? '’' : "'"}s`;
}

export function trustNames(random: Random): string[] {
  return random.shuffled(
    TRUST_FIRST.flatMap((first) => TRUST_SECOND.map((second) => `Sample ${first} ${second}`)),
  );
}

export function postcode(random: Random): string {
  const letter = (): string => POSTCODE_LETTERS[random.integer(0, POSTCODE_LETTERS.length - 1)]!;
  return `ZZ${random.integer(1, 99)} ${random.integer(1, 9)}${letter()}${letter()}`;
}

export function street(random: Random): string {
  return `${random.integer(1, 240)} Sample ${random.pick(FIRST)} ${random.pick(STREETS)}`;
}
