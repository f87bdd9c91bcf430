/**
 * Where children and young people with an EHC plan are placed: the same columns in the file of all plans and in that
 * of new ones. Labels are those of the publication's data guidance for 2025. The total "educated elsewhere" is the
 * sum of its parts from 2023; before, it leaves some of them out.
 */
import type { Count } from './counts-and-shares.js';

interface Placement {
  column: string;
  /** What is true of them. */
  words: string;
  /** The indicator's last part, where people look for it. */
  id?: string;
  name?: string;
  /** The column of its percentage of all plans. */
  percent?: string;
  note?: string;
}

const PLACEMENTS: Record<string, Placement> = {
  mainstream: {
    column: 'mainstream_total',
    words: 'placed in mainstream schools',
    id: 'mainstream',
    name: 'in mainstream schools',
    percent: 'mainstream_total_pc',
  },
  mainstream_la_maintained: {
    column: 'mainstream_la_maintained',
    words: 'placed in mainstream schools maintained by local authorities, outside special provision',
  },
  mainstream_la_maintained_resourced_provision: {
    column: 'mainstream_la_maintained_resourced_provision',
    words: 'placed in resourced provision of mainstream schools maintained by local authorities',
  },
  mainstream_la_maintained_sen_unit: {
    column: 'mainstream_la_maintained_senunit',
    words: 'placed in SEN units of mainstream schools maintained by local authorities',
  },
  mainstream_academy: {
    column: 'mainstream_academy',
    words: 'placed in mainstream academies, outside special provision',
  },
  mainstream_academy_resourced_provision: {
    column: 'mainstream_academy_resourced_provision',
    words: 'placed in resourced provision of mainstream academies',
  },
  mainstream_academy_sen_unit: {
    column: 'mainstream_academy_senunit',
    words: 'placed in SEN units of mainstream academies',
  },
  mainstream_free_school: {
    column: 'mainstream_free_school',
    words: 'placed in mainstream free schools, outside special provision',
  },
  mainstream_free_school_resourced_provision: {
    column: 'mainstream_free_school_resourced_provision',
    words: 'placed in resourced provision of mainstream free schools',
  },
  mainstream_free_school_sen_unit: {
    column: 'mainstream_free_school_senunit',
    words: 'placed in SEN units of mainstream free schools',
  },
  mainstream_independent: {
    column: 'mainstream_independent',
    words: 'placed in mainstream independent schools',
    id: 'mainstream-independent',
    name: 'in mainstream independent schools',
  },
  special: {
    column: 'special_total',
    words: 'placed in special schools',
    id: 'special',
    name: 'in special schools',
    percent: 'special_total_pc',
  },
  special_la_maintained: {
    column: 'special_la_maintained',
    words: 'placed in special schools maintained by local authorities',
  },
  special_academy_free: {
    column: 'special_academy_free',
    words: 'placed in special academies and special free schools',
  },
  special_independent: {
    column: 'special_independent',
    words: 'placed in independent special schools',
    id: 'special-independent',
    name: 'in independent special schools',
  },
  special_non_maintained: {
    column: 'special_non_maintained',
    words: 'placed in non-maintained special schools',
    id: 'special-non-maintained',
    name: 'in non-maintained special schools',
  },
  alternative_provision: {
    column: 'ap_pru_total',
    words: 'placed in alternative provision or pupil referral units',
    id: 'alternative-provision',
    name: 'in alternative provision',
    percent: 'AP_PRU_total_pc',
  },
  alternative_provision_academy: {
    column: 'ap_pru_academy',
    words: 'placed in alternative provision academies',
  },
  alternative_provision_free_school: {
    column: 'ap_pru_free_school',
    words: 'placed in alternative provision free schools',
  },
  pupil_referral_unit: { column: 'ap_pru_la_maintained', words: 'placed in pupil referral units' },
  further_education: {
    column: 'fe_total',
    words: 'placed in further education and post-16 institutions',
    id: 'further-education',
    name: 'in further education',
    percent: 'fe_total_pc',
  },
  general_further_education: {
    column: 'general_fe_tertiary_colleges',
    words: 'placed in general further education colleges, tertiary colleges and sixth forms',
  },
  specialist_post_16: {
    column: 'specialist_post_16_institutions',
    words: 'placed in specialist post-16 institutions',
    id: 'specialist-post-16',
    name: 'in specialist post-16 institutions',
  },
  other_registered_provider: {
    column: 'ukrlp_provider',
    words: 'placed with other providers on the UK Register of Learning Providers',
    note: 'Collected since 2023.',
  },
  educated_elsewhere: {
    column: 'ed_elsewhere',
    words: 'educated elsewhere than in a school, college or early years setting',
    id: 'educated-elsewhere',
    name: 'for people educated elsewhere',
    percent: 'ed_elsewhere_pc',
  },
  elective_home_education: {
    column: 'elective_home_education',
    words: 'educated at home by the choice of their parents',
    id: 'elective-home-education',
    name: 'for people in elective home education',
  },
  other_arrangements_by_authority: {
    column: 'other_arrangements_la',
    words: 'educated under other arrangements made by the local authority',
    id: 'other-arrangements-by-authority',
    name: 'for people under other arrangements of the local authority',
  },
  other_arrangements_by_parents: {
    column: 'other_arrangements_parents',
    words: 'educated under other arrangements made by their parents',
  },
  online_provider: {
    column: 'online_provider',
    words: 'placed with online providers',
    note: 'Collected since 2025.',
  },
  welsh_setting: {
    column: 'w_settings',
    words: 'placed in schools and establishments in Wales',
    note: 'Collected since 2025.',
  },
  other_school: {
    column: 'other_schools',
    words: 'placed in other types of school',
    note: 'Collected since 2025.',
  },
  other_setting: { column: 'other_placement_settings', words: 'placed in other types of placement' },
  neet: {
    column: 'neet',
    words: 'not in education, employment or training',
    id: 'neet',
    name: 'for people not in education, employment or training',
  },
  neet_notice_to_cease: {
    column: 'neet_ntci',
    words: 'not in education or training, with notice given that the plan will cease',
    note: 'Collected since 2023.',
  },
  neet_compulsory_school_age: {
    column: 'neet_other_csa',
    words: 'not in education or training, though of compulsory school age',
    id: 'without-education-compulsory-school-age',
    name: 'for people of compulsory school age and not in education or training',
    note: 'Collected since 2023.',
  },
  neet_other_ages: {
    column: 'neet_other',
    words: 'not in education or training, of other ages than compulsory school age',
    note: 'Collected since 2023.',
  },
  early_years: {
    column: 'nm_early_years',
    words: 'placed in non-maintained early years settings',
    id: 'early-years',
    name: 'in non-maintained early years settings',
    percent: 'nm_early_years_pc',
  },
  placement_unknown: {
    column: 'placement_unknown',
    words: 'whose placement is not recorded',
    id: 'placement-unknown',
    name: 'with no placement recorded',
    percent: 'placement_unknown_pc',
    note: 'Collected since 2023.',
  },
  awaiting_provision: {
    column: 'await_prov_2022',
    words: 'awaiting provision',
    id: 'awaiting-provision',
    name: 'for people awaiting provision',
    note: 'Collected until 2022.',
  },
  permanently_excluded: {
    column: 'perm_ex_2022',
    words: 'permanently excluded',
    note: 'Collected until 2022.',
  },
};

/** The counts by placement; `whose` begins the descriptions, `base` is the whole in words. */
export function placementCounts(about: {
  idPrefix: string;
  name: string;
  whose: string;
  base: string;
}): Record<string, Count> {
  return Object.fromEntries(
    Object.entries(PLACEMENTS).map(([measure, { column, words, id, name, percent, note }]) => [
      measure,
      {
        column,
        description: `${about.whose} ${words}.`,
        ...(note ? { note } : {}),
        ...(id ? { id: `${about.idPrefix}-${id}`, name: `${about.name} ${name}` } : {}),
        ...(percent
          ? {
              share: {
                column: percent,
                of: 'plans',
                base: about.base,
                id: `${about.idPrefix}-${id}-rate`,
                name: `Share of ${about.name} ${name}`,
              },
            }
          : {}),
      } satisfies Count,
    ]),
  );
}
