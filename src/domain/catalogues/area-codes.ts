/**
 * Cities and their area codes: the municipalities, the capitals of provinces and regions, and larger cities. Not all of China: a city that is not here
 * stays without a code, which is safe; a wrong one would hide its numbers. Cities that took over the code of a neighbour (抚顺, 开封, 遵义 and others) are left
 * out: lists differ in whether they go by the old code or the new one, and the platform's own list is not published (pn_faq_numberareacode names
 * examples; read 2026-07). Source: google/libphonenumber, resources/geocoding/zh/86.txt, which has each of these (read 2026-11-28).
 */
const CITIES = `
010 北京|020 广州|021 上海|022 天津|023 重庆|024 沈阳|025 南京|027 武汉|028 成都|029 西安|0310 邯郸|0311 石家庄|0312 保定|0315 唐山|0316 廊坊|0317 沧州
0351 太原|0352 大同|0371 郑州|0379 洛阳|0411 大连|0412 鞍山|0431 长春|0432 吉林|0451 哈尔滨|0459 大庆|0471 呼和浩特|0472 包头
0510 无锡|0511 镇江|0512 苏州|0513 南通|0514 扬州|0515 盐城|0516 徐州|0517 淮安|0518 连云港|0519 常州|0523 泰州
0531 济南|0532 青岛|0533 淄博|0535 烟台|0536 潍坊|0537 济宁|0538 泰安|0539 临沂|0631 威海
0551 合肥|0553 芜湖|0571 杭州|0572 湖州|0573 嘉兴|0574 宁波|0575 绍兴|0576 台州|0577 温州|0579 金华|0591 福州|0592 厦门|0595 泉州|0596 漳州
0717 宜昌|0730 岳阳|0731 长沙|0734 衡阳|0750 江门|0752 惠州|0754 汕头|0755 深圳|0756 珠海|0757 佛山|0758 肇庆|0759 湛江|0760 中山|0769 东莞
0771 南宁|0772 柳州|0773 桂林|0791 南昌|0792 九江|0797 赣州|0816 绵阳|0851 贵阳|0871 昆明|0891 拉萨|0898 海口|0931 兰州|0951 银川|0971 西宁|0991 乌鲁木齐`;

/** City → area code with its leading 0. */
export const AREA_CODES: ReadonlyMap<string, string> = new Map(
  CITIES.trim()
    .split(/[|\n]/)
    .map((line): [string, string] => {
      const [code = '', city = ''] = line.split(' ');
      return [city, code];
    }),
);

/**
 * The area code of a city as lists name it: 深圳, 深圳市, 广东深圳, 广东省深圳市.
 * @returns `undefined` where the table does not have it, and for 吉林 alone, which may be the province.
 */
export function areaCodeOf(city: string): string | undefined {
  const place = city
    .normalize('NFKC')
    .replace(/\s+/g, '')
    .replace(/^.{2,8}?(?:省|自治区)/, '');
  if (place === '吉林') return undefined;
  const name = place.replace(/市$/, '');
  return AREA_CODES.get(name) ?? AREA_CODES.get(name.replace(PROVINCE, ''));
}

const PROVINCE =
  /^(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)(?=.)/;
