/** The pictures that a category may have: names in the sprite of icons. */
export const CATEGORY_ICONS = [
  "category-productivity",
  "category-business",
  "category-communication",
  "category-finance",
  "category-education",
  "category-health",
  "category-maps",
  "category-media",
  "category-graphics",
  "category-games",
  "category-news",
  "category-security",
  "category-developer-tools",
  "category-tools",
  "category-food",
  "category-home",
  "category-industry",
  "category-music",
  "category-science",
  "category-shopping",
  "category-sports",
  "category-transport",
  "category-weather",
  "category-other",
] as const;

export type CategoryIcon = (typeof CATEGORY_ICONS)[number];

/** Of one that is called otherwise than any of these, as another version of the program may have kept it. */
export const PLAIN_ICON: CategoryIcon = "category-other";

export function isCategoryIcon(name: string): name is CategoryIcon {
  return CATEGORY_ICONS.some((icon) => icon === name);
}

export function iconOf(name: string): CategoryIcon {
  return isCategoryIcon(name) ? name : PLAIN_ICON;
}
