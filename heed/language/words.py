"""The commonest words and endings of languages in Latin, Cyrillic and Arabic letters. Written by hand.

Short everyday words tell languages apart best; endings and letters help where a text is short.
"""

from collections.abc import Mapping
from typing import Final

COMMON: Final[Mapping[str, str]] = {
    "en": (
        "the of and to in is you that it he was for on are with as his they at be this have from or had "
        "by not but what all were we when your can said there use each which she do how their if will up "
        "other about out many then them these so some her would make like him into time has look two more "
        "go see no way could people my than first been who its now find long down day did get come made "
        "may hello dear thanks thank please order i am me don't i'm it's won't haven't we're our any just "
        "still yes here where after also because should only regards received email help account payment "
        "password want need working received cannot back very"
    ),
    "de": (
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an "
        "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war "
        "haben nur oder aber vor zur bis mehr durch man sein wurde ich habe meine mein mir mich wir uns "
        "ihr ihre ihnen bitte danke hallo guten tag vielen dank grüße freundlichen mit kann können schon "
        "wenn dann was wo warum keine kein sehr geehrte damen herren bestellung rechnung immer wieder "
        "gegen unter diese dieser dieses alle zwei jahr jahre heute seit"
    ),
    "fr": (
        "le la les de des du et à un une est en que qui dans pour pas au aux sur par plus ce cette ces "
        "avec ne se son sa ses il elle on nous vous ils elles je tu mon ma mes votre vos notre nos ont a "
        "été être avoir fait mais ou où donc car comme tout tous toute bien très bonjour merci "
        "cordialement madame monsieur commande facture j'ai c'est n'est d'un d'une l'on qu'il aussi leur "
        "leurs sont était avait sans sous entre deux après encore même peut si depuis mon quand compte "
        "pouvez"
    ),
    "es": (
        "el la los las de del y a en un una que es no por con para su sus se lo al como más pero mi mis "
        "me le ya o este esta esto sí porque cuando muy sin sobre también hasta hay donde quien desde "
        "todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué "
        "unos yo otro otras otra él tanto esa estos mucho nada muchos cual poco ella estar estas hola "
        "gracias buenos días tardes saludos pedido factura tengo puedo he ha han son está están fue era "
        "ser usted ustedes quiero hacer años dos hace"
    ),
    "it": (
        "il lo la i gli le di del della dei delle degli e è a al alla in nel nella un uno una che non per "
        "con su sul sulla si da dal dalla sono ho hai ha abbiamo hanno mi ti ci vi se ma o anche come più "
        "questo questa questi queste suo sua suoi loro io lui lei noi voi molto essere stato stata era "
        "perché quando dove chi cosa ciao buongiorno salve grazie saluti cordiali ordine fattura posso "
        "vorrei mio mia miei nostro ancora già dopo prima fatto anni due tra fra tutti tutto solo dell "
        "all l'ordine c'è un'altra"
    ),
    "pt": (
        "o a os as de do da dos das e é em no na nos nas um uma que não para por com se como mais mas foi "
        "ao ele ela seu sua ou ser quando muito já está eu também só pelo pela até isso entre era depois "
        "sem mesmo aos ter seus quem me esse eles estão você tinha foram essa num nem suas meu minha têm "
        "numa pelos elas havia seja qual será nós tenho lhe deles essas esses olá obrigado obrigada bom "
        "dia boa tarde pedido fatura posso vocês são às à há fazer anos dois onde ainda gostaria "
        "cumprimentos"
    ),
    "nl": (
        "de het een en van in is dat op te voor met die niet zijn aan er om ook als dan maar bij nog door "
        "over uit wel naar heeft hij ze zij ik je jij u uw mijn mij we wij ons onze jullie hun was wordt "
        "worden werd kan kunnen moet zal zou hebben heb had geen meer deze dit wat wie waar hoe al tot of "
        "zo hallo beste geachte bedankt dank groeten vriendelijke bestelling factuur graag alvast mvg "
        "veel na tegen onder jaar twee goed nu toch"
    ),
    "sv": (
        "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så "
        "kan man när år säger hon under också efter eller nu sin där vid mot ska skulle kommer ut får "
        "finns vara hade alla andra mycket här då sedan över bara in blir upp även vad få två vill ha "
        "många hur mer går sverige mig mitt min mina dig du er ert ni hej tack hälsningar beställning "
        "faktura något någon inga ingen detta dessa varför"
    ),
    "da": (
        "og i at det er en til på som for af med den de har ikke et der jeg han var men sig fra vi så kan "
        "man når om hun også efter eller nu sin hvor ved mod skal ville kommer ud får være havde alle "
        "andre meget her da siden over kun ind bliver op hvad to vil mange hvordan mere går mig mit min "
        "mine dig du jer hej tak hilsen venlig ordre faktura noget nogen ingen dette disse hvorfor blev "
        "uden efter været deres selv"
    ),
    "nb": (
        "og i at det er en til på som for av med den de har ikke et der jeg han var men seg fra vi så kan "
        "man når om hun også etter eller nå sin hvor ved mot skal ville kommer ut får være hadde alle "
        "andre mye her da siden over bare inn blir opp hva to vil mange hvordan mer går meg mitt min mine "
        "deg du dere hei takk hilsen vennlig bestilling faktura noe noen ingen dette disse hvorfor ble "
        "uten etter vært deres selv oss"
    ),
    "fi": (
        "ja on ei että se hän oli mutta ovat kun niin myös mukaan joka kuin en sen ole vain jo tai olen "
        "minä sinä me te he tämä mitä miksi missä kanssa vielä voi olisi olla ollut nyt sitä joita jonka "
        "joka siitä hei kiitos moi terveisin tilaus lasku minun mun meidän teidän kaikki hyvää hyvä "
        "päivää ennen jälkeen vuoden vuonna sekä mikä jos koska ilman noin enemmän saanut tämän"
    ),
    "pl": (
        "i w na z do nie się jest to że o od za po dla przez jak ale co czy ma są był była było być ten "
        "ta te tego tej jego jej ich już tylko może a oraz które który która bardzo mam mnie mi ja my wy "
        "pan pani proszę dziękuję dzień dobry witam pozdrawiam zamówienie faktura jeszcze gdy także tym "
        "przy ze kiedy gdzie dlaczego jestem ponieważ lat roku we pod bez tak"
    ),
    "cs": (
        "a v na se je že s z do o to k i ve pro za by jsem jsou byl byla bylo být ale jako si od po tak "
        "který která které ze jeho také už co má není není mám mi mě jak když jen nebo podle při před vám "
        "vás děkuji dobrý den prosím ahoj pozdravem objednávka faktura kde proč jsme jste bude budou můj "
        "moje roku let protože další až aby své"
    ),
    "sk": (
        "a v na sa je že s z do o to k i vo pre za by som sú bol bola bolo byť ale ako si od po tak ktorý "
        "ktorá ktoré zo jeho tiež už čo má nie nemám mám mi ma keď len alebo podľa pri pred vám vás "
        "ďakujem dobrý deň prosím ahoj pozdravom objednávka faktúra kde prečo sme ste bude budú môj moje "
        "roku rokov pretože ďalší až aby svoje"
    ),
    "hu": (
        "a az és hogy nem is egy ez van meg volt de csak már azt még ha mint el vagy kell lesz amely sem "
        "minden ki fel több ezt lehet után nagy én te ő mi ti ők szerint ami aki majd be így most két "
        "pedig között akkor ezért miért hol kérem köszönöm szia jó napot üdvözlettel rendelés számla "
        "nekem nincs vannak voltam évben során alatt"
    ),
    "ro": (
        "și de în a la cu pe nu că este din o un mai pentru care au fost se ce sa să sunt am ai are lui "
        "ei lor prin după dar sau fi fără când cum unde foarte toate acest această acestea eu tu el ea "
        "noi voi mi îmi vă te bună ziua salut mulțumesc mulțumim comandă factură vreau pot poate între "
        "doar într despre anul ani dacă nici al ale"
    ),
    "tr": (
        "ve bir bu da de için ile çok olarak daha gibi kadar ne var yok ben sen o biz siz onlar mi mı mu "
        "ama ya veya ki değil olan sonra olduğu en her şey nasıl neden nerede merhaba teşekkürler "
        "teşekkür ederim lütfen sipariş fatura benim bana beni iyi günler göre önce ancak tarafından hem "
        "diye kendi yıl iki oldu olduğunu"
    ),
    "id": (
        "yang dan di untuk dari dengan ini itu tidak pada ke dalam akan adalah saya anda kami kita mereka "
        "dia bisa ada sudah telah juga atau karena oleh sebagai lebih seperti dapat harus belum apa "
        "bagaimana kenapa terima kasih halo selamat pagi mohon tolong pesanan tagihan ia para tersebut "
        "hanya tahun orang hari saat secara bahwa agar masih namun banyak lagi"
    ),
    "vi": (
        "và của là có không được cho một các những trong với người này khi đã để tôi bạn chúng ta anh chị "
        "em ông bà đó như từ về nhiều đến ra vào cũng nhưng thì mà ở tại sao xin chào cảm ơn vui lòng đơn "
        "hàng hóa rất lại năm ngày sẽ phải làm việc đang theo trên sau nên"
    ),
    "ca": (
        "el la els les de del dels i a en un una que és no per amb al als com més però meu meva em ja o "
        "aquest aquesta perquè quan molt sense sobre també fins hi ha on qui des tot ens tots li ni "
        "altres hola gràcies bon dia bona tarda salutacions comanda factura tinc puc he han són està "
        "estan va van ser vostè vull fer anys dos pel pels seva seu seves aquests ho això l'any d'un "
        "d'una"
    ),
    "hr": (
        "i u je da se na za su od s o nije to sam kao ali iz do što koji koja koje bi bio bila bilo biti "
        "će ne po ili te već samo još kada kad gdje zašto mi ja ti on ona mogu ima nema nakon prije zbog "
        "vrlo jako dobar dan hvala molim pozdrav narudžba račun moj moja svi sve ovo ova ovaj godine "
        "godina kako tako može dok koju"
    ),
    "ru": (
        "и в не на я что он с как это по но они к у из за вы мы так же от все ее его бы для о было была "
        "был есть мне меня уже или если когда только еще ещё до при со чтобы нет да где почему "
        "здравствуйте спасибо пожалуйста заказ счёт счет добрый день уважением очень может можно этот эта "
        "эти который которые также после была году ли"
    ),
    "uk": (
        "і в не на я що він з як це по але вони до у із за ви ми так же від всі її його би для про було "
        "була був є мені мене вже або якщо коли тільки ще при зі щоб немає та де чому вітаю дякую будь "
        "ласка замовлення рахунок добрий день повагою дуже може можна цей ця ці який яка які також після "
        "році чи й буде"
    ),
    "bg": (
        "и в не на аз че той с как това по но те към у от за вие ние така е са се ще да бе беше има няма "
        "ми ме вече или ако когато само още до при със за къде защо здравейте благодаря моля поръчка "
        "фактура добър ден поздрави много може този тази тези който която които също след през година си "
        "ли един една"
    ),
    "ar": (
        "في من على إلى أن هذا هذه التي الذي لا ما عن مع كان كانت هو هي أو قد لم لن كل بعد قبل بين شكرا "
        "مرحبا السلام عليكم"
    ),
    "fa": (
        "در از به که این را با است برای آن یک های شده می خود تا بر هم نیز شود کرد سلام متشکرم لطفا ممنون "
        "من شما ما آنها"
    ),
}

ENDINGS: Final[Mapping[str, str]] = {
    "en": "ing tion ness ould ould ight ough ally ther ment ed ly ers ies",
    "de": "ung ungen keit heit lich isch sch ieren eln igen cht tz ftig",
    "fr": "eux euse ement ait aient eau eaux elle ette oir ées ique que ère",
    "es": "ción ciones dad dades ando iendo aba aron miento ero oso illo ño",
    "it": "zione zioni mente ità ssimo etto etti anza enza are ere ire gli tto ggio",
    "pt": "ção ções dade mente ando indo eiro eira agem inho ão ões lh nh",
    "nl": "ing ingen heid lijk lijke tje aar eer ijk ijn oek uur isch aan oen",
    "sv": "ning ningar het lig ligt are arna erna ade ast sk tion",
    "da": "ning hed lig ligt erne ede else lse tion sk dt",
    "nb": "ning het lig ene ede else ert sjon sk",
    "fi": "nen ssa ssä sta stä lla llä lle ksi mme vat vät tta ttä inen ään aan een iin",
    "pl": "ość ości ego ach ami owa owy ych ymi cie ć ski ską sza anie enie ów ej",
    "cs": "ost osti ého ách ové ých ými ství ční ení ský ě ů ání",
    "sk": "osť osti ého ách ové ých ými stvo čný enie ský anie ov ť",
    "hu": "ság ség nak nek ban ben ból ből tól től hoz hez ott ett ás és ok ek",
    "ro": "ului ilor ție ții ere are esc ește ea lui iei ată țile ul",
    "tr": "lar ler ları leri lık lik mak mek yor dı di da dir dır ında ğı nın nin",
    "id": "kan nya kah lah ang ung an",
    "ca": "ció cions tat ment ava ques ny ant eix at ats",
    "hr": "ost osti nje anje enje ski nog ima ama ti ija ije ao",
    "ru": "ость ения ого его ами ый ий ать ться ают ние ов ть ешь",
    "uk": "ість ення ого ами ий ій ати тися ють ння ів ть єш",
    "bg": "ост ение та то те ата ият ния ане ите ски ва ва ия",
}

LETTERS: Final[Mapping[str, str]] = {
    "de": "ßäöü",
    "fr": "êèçàùœôîûé",
    "es": "ñ¿¡óáíú",
    "it": "àèìòù",
    "pt": "ãõçêâ",
    "sv": "åäö",
    "da": "æøå",
    "nb": "øåæ",
    "fi": "äö",
    "pl": "łąęśćźżń",
    "cs": "ěřůčšžýáí",
    "sk": "ľĺŕôťďčšžýáí",
    "hu": "őűáéóöü",
    "ro": "țșăîâţş",
    "tr": "ğışçöü",
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "ca": "·ïçàèòú",
    "hr": "đćčšž",
    "ru": "ыэёъ",
    "uk": "іїєґ",
    "bg": "ъщ",
    "fa": "پچژگکی",
    "ar": "ةىيكأإؤ",
}
"""Letters by how much they say: what stands in few of these rows weighs most."""
