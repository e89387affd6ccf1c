"""Names of people and units, made comparable."""

from __future__ import annotations

import re
import unicodedata

# The reader gives some characters in their traditional form where a mainland certificate prints the simplified
# one. Characters with more than one simplified form, or in use as they are in mainland names, are not here.
_TRADITIONAL = (
    "個們來倫偉側偵偽傑傘備傳債傷傾僅僑僕價儀億優兒兩冊凍凱別刪剛創劃劇劉劍劑勁動務勝勞勢勳匯區協單卻厭厲"
    "參吳員問啟喚喪喬嗎嘆嘗嚴囑國圍園圓圖團執堅報場塊墊墾壇壓壘壞壯壽夢夾奪奮婦媽嫗嬌孫學寧實審寫寬寶將專"
    "尋對導層屬岡島峽崗嶺嶼巖幣帥師帳帶幫幹幾庫廁廂廈廚廟廠廣廳張強彈彌彎彙彥後徑從復恆惡悅愛慶慣態慮憂憑"
    "憲應懷戀戰戲戶拋挾捨掃掛採揀揚換揮損搖搶撐撥撫撲擁擇擊擋據擬擴擺擾攔攜攝攤敗敘敵數斂斃斬斷時晉晝暈暉"
    "暢曆曉曠書會東條枱柵桿梟棄棗棟棲楊楓業極榮構槍樂樓標樞樣樸樹橋機橫檔檢櫃權歐歡歲歷歸殘殼毀殺氣汙決沒"
    "況淚淨淪淵淺減渦測渾湊湯溫滅滬滯滲滾滿漁漢漲漸潔潛潤潰澤濁濃濕濟濤濱瀏瀘瀝瀟灘灣災為烏無煉煙煩煥熱燈"
    "燒營爐爛爭爺爾牆牽犧狀獅獎獨獲獻瑣瑤瑩環現瑪璣瓊甌產畢畫異當疇癒發皺盜盡監盤盧眾睜矚矯碩碼確磚礎礦礙"
    "禮禍禪禦禿種稱穀積穎穩窩窮窯竄竊競筆筍節範築簡簽籃籌籠糧糾紀約紅紋納紐純紗紙級紛紡細紳紹終組結絕絡給"
    "統絲經綁綜綠維綱網綿緊緒線緝締緣編緩緯練縣縫縮縱總績織繞繪繫繼續纖罰羅羨義習翹聖聞聯聰聲職聽肅脅脈腦"
    "腫腳腸膚膠膽臉臘臨臺與興舉舊艙艦艱藝芻莊莖莢華萊萬葉葦葷蒼蓋蓮蔣蔥蕭薦薩藍藥蘇蘭處虛號虧蝦蟲蠟蠶衛衝"
    "裝裏補製複襯襲見規視親覺覽觀觸訂計討訓託記訪設許訴診註證評詞試詩話該詳誇誌認誕語誠誤說誰課調談請諒論"
    "諸諾謀謂謙講謝謹譚譜識譯議護譽讀變讓讚豐豬貓貝貞負財貢貧貨販貫責貴貸費貼貿賀資賈賓賜賞賠賢賣質賬賭賴"
    "購賽贈贊趙趕趨跡踐蹤躍車軌軍軟軸較載輔輕輛輝輪輯輸轄轉轎轟辦辭辯農運過達違遙遜遞遠適遲遷選遺遼邁還邊"
    "郵鄉鄒鄭鄧鄰鄲醫醬釀釋針釣鈉鈞鈔鈕鈴鈺鉅鉑鉗鉛鉤銀銅銓銘銳銷鋁鋒鋪鋼錄錢錦錫錯鍋鍵鎖鎮鏡鏈鐘鐵鑒鑽長"
    "門閃閉開閏間閔閘閣閥閩閱闆闊關闡陣陝陰陳陸陽隊階際隨險隱隸雋雖雙雜雞離難雲電霧靈靜韋韓響頁頂項順須頓"
    "預領頗頭頻顆題額顏願類顧顯風飛飯飲飾餅養館饒馬馭馮馳馴駐駕駿騎騙騰驅驗驚驛驟髒體鬆鬥鬧鬱魚魯鮑鮮鯉鯨"
    "鳥鳳鳴鴻鵬鶴鷗鷹鹽麗麥麵黃點黨齊齋齒齡龍龐龔龜買"
)
_SIMPLIFIED = (
    "个们来伦伟侧侦伪杰伞备传债伤倾仅侨仆价仪亿优儿两册冻凯别删刚创划剧刘剑剂劲动务胜劳势勋汇区协单却厌厉"
    "参吴员问启唤丧乔吗叹尝严嘱国围园圆图团执坚报场块垫垦坛压垒坏壮寿梦夹夺奋妇妈妪娇孙学宁实审写宽宝将专"
    "寻对导层属冈岛峡岗岭屿岩币帅师帐带帮干几库厕厢厦厨庙厂广厅张强弹弥弯汇彦后径从复恒恶悦爱庆惯态虑忧凭"
    "宪应怀恋战戏户抛挟舍扫挂采拣扬换挥损摇抢撑拨抚扑拥择击挡据拟扩摆扰拦携摄摊败叙敌数敛毙斩断时晋昼晕晖"
    "畅历晓旷书会东条台栅杆枭弃枣栋栖杨枫业极荣构枪乐楼标枢样朴树桥机横档检柜权欧欢岁历归残壳毁杀气污决没"
    "况泪净沦渊浅减涡测浑凑汤温灭沪滞渗滚满渔汉涨渐洁潜润溃泽浊浓湿济涛滨浏泸沥潇滩湾灾为乌无炼烟烦焕热灯"
    "烧营炉烂争爷尔墙牵牺状狮奖独获献琐瑶莹环现玛玑琼瓯产毕画异当畴愈发皱盗尽监盘卢众睁瞩矫硕码确砖础矿碍"
    "礼祸禅御秃种称谷积颖稳窝穷窑窜窃竞笔笋节范筑简签篮筹笼粮纠纪约红纹纳纽纯纱纸级纷纺细绅绍终组结绝络给"
    "统丝经绑综绿维纲网绵紧绪线缉缔缘编缓纬练县缝缩纵总绩织绕绘系继续纤罚罗羡义习翘圣闻联聪声职听肃胁脉脑"
    "肿脚肠肤胶胆脸腊临台与兴举旧舱舰艰艺刍庄茎荚华莱万叶苇荤苍盖莲蒋葱萧荐萨蓝药苏兰处虚号亏虾虫蜡蚕卫冲"
    "装里补制复衬袭见规视亲觉览观触订计讨训托记访设许诉诊注证评词试诗话该详夸志认诞语诚误说谁课调谈请谅论"
    "诸诺谋谓谦讲谢谨谭谱识译议护誉读变让赞丰猪猫贝贞负财贡贫货贩贯责贵贷费贴贸贺资贾宾赐赏赔贤卖质账赌赖"
    "购赛赠赞赵赶趋迹践踪跃车轨军软轴较载辅轻辆辉轮辑输辖转轿轰办辞辩农运过达违遥逊递远适迟迁选遗辽迈还边"
    "邮乡邹郑邓邻郸医酱酿释针钓钠钧钞钮铃钰钜铂钳铅钩银铜铨铭锐销铝锋铺钢录钱锦锡错锅键锁镇镜链钟铁鉴钻长"
    "门闪闭开闰间闵闸阁阀闽阅板阔关阐阵陕阴陈陆阳队阶际随险隐隶隽虽双杂鸡离难云电雾灵静韦韩响页顶项顺须顿"
    "预领颇头频颗题额颜愿类顾显风飞饭饮饰饼养馆饶马驭冯驰驯驻驾骏骑骗腾驱验惊驿骤脏体松斗闹郁鱼鲁鲍鲜鲤鲸"
    "鸟凤鸣鸿鹏鹤鸥鹰盐丽麦面黄点党齐斋齿龄龙庞龚龟买"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # which shape of a character a font is to show
_SPELT_OUT = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE", "Æ": "AE"})
_DOTS = re.compile(r"[·•・‧∙⋅．.]")


def simplify(text: str) -> str:
    """`text` with traditional characters as mainland certificates print them.

    >>> simplify("統一社會信用代碼")
    '统一社会信用代码'
    """
    return text.translate(_TO_SIMPLIFIED)


def normalise_name(name: str) -> str:
    """A name as it is compared: half-width, simplified, one kind of dot and bracket, without spaces, upper case.

    Compatibility ideographs and radicals that look like a character become that character.

    >>> normalise_name("阿卜杜拉•买买提 ") == normalise_name("阿卜杜拉·买买提")
    True
    """
    plain = simplify(unicodedata.normalize("NFKC", _VARIANTS.sub("", name)))
    return _DOTS.sub("·", re.sub(r"\s", "", plain)).upper()


def same_name(read: str, entered: str) -> bool:
    """Whether both are the same name, however their brackets, dots and spaces are written."""
    return normalise_name(read) == normalise_name(entered)


def latin_words(name: str, spelt_out: bool = False) -> tuple[str, ...] | None:
    """The words of a name in Latin letters, in alphabetical order and without their accents; None for another name.

    Passports put the surname first, people often last; the zone of a passport knows no accents, hyphens and commas,
    and may spell Ä, Ö, Ü, Å, Ø and Æ as two letters (`spelt_out`; ICAO 9303-3, 6.A).

    >>> latin_words("Eriksson, Anna-Maria") == latin_words("ANNA MARIA ERIKSSON")
    True
    >>> latin_words("Jörg Müller", spelt_out=True)
    ('JOERG', 'MUELLER')
    """
    upper = unicodedata.normalize("NFC", name).upper()
    plain = unicodedata.normalize("NFKD", upper.translate(_SPELT_OUT) if spelt_out else upper)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    if not re.fullmatch(r"[A-Z\s,.'’·\-]*[A-Z][A-Z\s,.'’·\-]*", plain):
        return None
    return tuple(sorted(re.findall("[A-Z]+", re.sub("['’]", "", plain))))


def is_rare(character: str) -> bool:
    """Whether a character is a rare one (生僻字): outside the 6,763 of GB 2312, which every reader knows.

    >>> is_rare("\u36c3"), is_rare("\U0002cc56"), is_rare("夏")
    (True, True, False)
    """
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
