"""Words that name no topic: function words of six languages and the stock phrases of abstracts."""

from app.labelling.plain_text import normal_form

ENGLISH = """
a about above across after again against ahead al all almost alone along already also although always am
amid among amongst an and another any anyone anything apart are aren't around as aside at away back be
became because become becomes been before behind being below beneath beside besides best better between
beyond both but by can can't cannot could couldn't despite did didn't do does doesn't doing don't done down
due during e.g each eg eight either else elsewhere enough entire et etc even ever every everyone everything
except far few fewer finally first firstly five for former formerly four from further furthermore had has
hasn't have haven't having he hence her here hereby herein hers herself him himself his how however i i.e ie
if in indeed inside instead into is isn't it it's its itself just last lastly latter least less let like
likely likewise made mainly make makes making many may maybe me meanwhile might mine more moreover most
mostly much must my myself namely near nearly neither never nevertheless next nine no nobody non none
nonetheless nor not nothing now nowadays of off often on once one ones only onto or other others otherwise
ought our ours ourselves out outside over overall own per perhaps put quite rather really regarding
respectively roughly same say says second secondly see seem seemed seems seen seven several shall she should
shouldn't simply since six so some somehow someone something sometimes somewhat soon still such ten than
that that's the their theirs them themselves then thence there there's thereby therefore therein these they
third thirdly this those though three through throughout thus till to together too toward towards twice two
under undergo unless unlike until up upon us versus very via vs was wasn't we we're we've well were weren't
what what's whatever when where whereas whereby wherein wherever whether which while whilst who whoever
whole whom whose why will with within without won't would wouldn't yet you your yours
"""

OTHER_LANGUAGES = """
ab abbiamo aber acerca ademais además agli ahí ai ainda ainsi al alcune alcuni algo alla alle allein aller
alles allo allora allí als altra altre altri altrimenti altro am an anche ancora ante antes anzi ao aos
apenas aquel aquela aquelas aqueles aquella aquellos aqui aquí as assez assim así atrás até au auch auf
auraient aurait aus aux außerdem avaient avait avant avec avoir avuto bajo bastante bei beide beiden beim
bene bereits besonders bien bis bisher bleibt cada casi ce cependant cerca certains ces cet cette chaque che
chez ci ciascun ciascuna cioè com come comme como con contro cosa così cual cuando cui cá da dabei dadurch
dafür dagli daher dai dal dalla dalle damit danach dann dans daran darauf daraus darin darüber das dass
davon dazu de degli dei del dela dele dell della delle dello dem den denen der deren des desde deshalb
después dessen deux di die dies diese diesem diesen dieser dieses do doch doit doivent donc donde dopo dort
dos dove du durante durch e ebenfalls ebenso ed eher eigenen ein eine einem einen einer eines einige einigen
einiger el ela elas ele eles ella ellas elle elles ellos em en encore enquanto ensuite entonces entre então
eppure er era ersten es esa ese essa esse est esta estaba estaban estas este estes esto estos está están et
etwa eu eux fa faire fait fanno fare fast fatto foi fora foram forma fosse fra fue fuera fueron für gab ganz
geben gegen gegenüber gibt gleich gli grande grandes große großen ha haben había habían hace hacen hacia
hago han hanno hasta hat hatte hatten hemos hier hin hinter i ich ihnen ihr ihre ihren il ils im immer in
indem innerhalb io isso ist je jede jeden jeder jedes jedoch jusqu jusque já kann kaum kein keine keinen
konnte konnten können könnte könnten la las le les leur leurs lo loro lors lorsque los lot lui lá ma maggior
maggioranza maggiore mai maior maioria mais malgré man manche mas mayor mayoría mediante medida mehr meist
mejor melhor melhores meno menor menos mentre mesma mesmo mesmos mientras mieux misma mismo mismos mit
mittels modo moins molta molte molti molto mucho muchos muito muitos muss muy más même mêmes müssen na nach
nada nas negli nei nel nell nella nelle nello nenhum ni nicht nichts nie niente no noch noi non nos nossa
nossas nosso nossos nostra nostre nostri nostro notre nous nuestra nuestras nuestro nuestros nunca nur não
nós o ob obwohl oder oft ogni ohne oltre on onde ont os otra otras otro otros ou outra outras outro outros
où par para parmi pas pela pelas pelo pelos pendant per perché pero però peu peut peuvent più plus plusieurs
poche pochi poco pode podem podia pois por porque porém possono potrebbe pouco poucos pour pourtant presque
prima proprio puede pueden puis può qu qua qualche quale quali qualquer qualunque quando quase que quel
quelle quelles quelli quello quelques quels quem questa queste questi questo qui quien quienes quindi quoi
qué sa sans se según sehr sei sein seine seinen seiner seja selon sem sembra sempre senza ser sera seraient
serait seria será ses seu seus si sia siano sich sie siempre sin sind sino so sobre sobretudo sogar solche
solcher sollte sollten solo somente son sondern sono sonst sont soprattutto sotto sous sowie sta stata stati
stato stessa stesse stessi stesso su sua suas sui sul sulla sulle suo sur sus são só sólo tais tal tale tali
también também tampoco tandis tanta tanto tantos teils tem tiene tienen tinham toda todas todo todos
toujours tous tout toute toutes tra trotz très tu tutta tutte tutti tutto um uma un una unas und une uno
unos uns unsere unseren unserer unter usted vai vari varias varios viel viele vielen você vocês vom von vor
vos votre vous várias vários vós war waren was weder weil weitere weiteren welche wenig wenige weniger wenn
werden wie wir wird wo wobei wohl worden wurde wurden während würde würden y ya yo zeigen zeigt zu zudem zum
zur zwar zwischen à às è é él étaient était été être única único über
"""

MEASURES = """
zero eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty
sixty seventy eighty ninety hundred thousand million billion trillion dozen half-dozen once thrice fourth
fifth sixth seventh eighth ninth tenth quarter threefold twofold fourfold fivefold tenfold microsecond
millisecond nanosecond picosecond femtosecond minute hour day weekday week fortnight month decade century
midnight noon morning afternoon evening today yesterday tomorrow overnight january february march april june
july august september october november december monday tuesday wednesday thursday friday saturday sunday
metre meter kilometre kilometer centimetre centimeter millimetre millimeter micrometre micrometer nanometre
nanometer micron hectare acre mile inch litre liter millilitre milliliter gram gramme kilogram kilo
milligram microgram tonne ton celsius degc hertz hz khz mhz ghz volt mv kv kw mw gw kwh mwh watt kilowatt
megawatt gigawatt percent percentage cent km cm mm nm µm μm kg µg μg ns kev mev gev tev kpc mpc
"""
"""Units, numerals and dates: what papers measure in, never what they are about."""

FOREIGN_MEASURES = """
acht anni anno année années ano año años cem cento cents cien ciento cientos cinco cinq cinque cuatro deux
deuxième dez dia dias dieci diez dix dos drei dreißig drittel due día días erste ersten fünf giorni giorno
heure heures hora horas huit hundert hälfte jahr jahre jahren jour jours mes mese meses mesi metade metà
milhões milioni mille millionen millions millones mitad mois moitié monat monate monaten mês neuf neun nove
nueve ocho oito ora ore otto premier première prima primeira primeiro primera primeras primo prozent quatre
quatro quattro sechs secondo segundo sei seis semaine semaines semana semanas sept sete sette settimana
settimane sieben siete stunde stunden tag tage tagen tausend tercio terzo terço tre treinta trenta trente
tres trinta trois três uno veinte venti vier vingt vinte woche wochen zehn zwanzig zwei zweite zweiten
"""

FOREIGN_STOCK = """
abordagem analisi analyse ansatz análise análisis approccio approche article articolo artigo artículo
aufsatz beitrag conclusion conclusiones conclusioni conclusões enfoque ergebnis ergebnisse ergebnissen
ergibt estudio estudios estudo estudos forschung methode methoden metodi metodo méthode méthodes método
métodos resultado resultados risultati risultato résultat résultats studi studie studien studio
untersuchen untersucht untersuchung untersuchungen verfahren vergleich vorgestellt étude études
"""

STOCK = """
able abstract accordance according accordingly account accurate achieve achieved achieves achieving acm act
acts addition additional additionally address addressed addresses addressing admit admits admitting adopt
adopted adopting advance advances aim aimed aims allow allowed allowing allows alternative analyse analysed
analyses analytical analyze analyzed analyzes analyzing appear appears applicable applied apply applying
appropriate arbitrary argue argued arise arises arising article arxiv aspects assess assessed assessing
associated assume assumed assumes assuming attempt attention author authors available background based basic
basis begin behave belong briefly bring brings broad build building calculation calculations called capable
carried carry case cases cause caused causes certain challenge challenges challenging chapter characterise
characterised characteristics characterize characterized characterizes choose chosen claim clear clearly
close closely come comes common commonly compare compared comparing comparison complement complementary
complete completely complex comprehensive compute computed computing concept concepts concern concerned
concerning conclude conclusion conclusions conduct conducted confirm confirmed confirms consequence
consequences consequently consider considerable considered considering considers consist consisting consists
construct constructed constructing contain containing contains contrast contribute contribution
contributions conventional copyright correspond corresponding corresponds crucial current currently deal
deals define defined defines defining demonstrate demonstrated demonstrates demonstrating depend depending
depends derive derived deriving describe described describes describing description desirable detail
detailed details determine determined determines determining develop developed developing develops devoted
differ difference differences different difficult directly discover discovered discuss discussed discusses
discussing discussion doi drawn easily easy effective effectively efficient efficiently elsevier emphasis
employ employed employing employs enable enabled enables enabling encountered ensure ensures especially
essential essentially establish established establishing estimated evaluate evaluated evaluating evident
exact exactly examine examined examining example examples exceed exhibit exhibited exhibits exist existed
existing exists expect expected experiment experimental experimentally experiments explain explained
explaining explains explicit explicitly exploit exploited exploiting exploits explore explored explores
exploring extend extended extending extends extensive extensively fact facts fairly fast feasible find
finding findings finds focus focused focuses focusing follow followed following follows formulate formulated
found framework fully fundamental furthermore future gain gained general generally generate generated
generates generating get give given gives giving goal good great greater greatly growing hard help helpful
helps hold holds huge idea ideas identified identifies identify identifying ieee ii iii illustrate
illustrated illustrates impact implement implemented implementing implications implies imply implying
importance important importantly impose imposed improve improved improvement improvements improves improving
include included includes including incorporate incorporated incorporating increase increased increases
increasing increasingly independent indicate indicated indicates indicating individual influence initial
insight insights inspired intended interest interested interesting introduce introduced introduces
introducing investigate investigated investigates investigating investigation involve involved involves
involving issue issues iv keep key kind kinds know known lack large larger largest lead leading leads leave
led left leverage leveraged leverages leveraging lie lies limit limitation limitations limited literature
little long look lot low lower main maintain maintaining major manner match mean means measured meet mention
mentioned method methodology methods mild minor modern modulo motivate motivated motivation multiple namely
natural naturally nature necessary need needed needs new newly note notes novel number numbers numerous
objective observe observed observing obtain obtained obtaining obtains occur occurred occurs offer offered
offering offers open order others outcome outcomes outline outperform outperformed outperforming outperforms
paper papers part particular particularly parts past peculiar people perform performance performed
performing performs permit point points possess possesses possibility possible possibly potential
potentially powerful practical practically practice precise precisely preprint present presented presenting
presents preserve previous previously problem problems procedure produce produced produces producing
programme programmes promising propose proposed proposes proposing prove proved proven proves provide
provided provides providing proving published purpose pursue question questions raise raised range reader
ready real reason reasonable recall recent recently recover reduce reduced reduces reducing refer referred
refers regardless relate related relates relating relative relatively relevant relies rely relying remain
remaining remains remarkable remarkably report reported reporting reports represent represented representing
represents require required requirement requirements requires requiring research researchers resolve respect
result resulted resulting results reveal revealed revealing reveals review reviewed rich right role
satisfactory satisfied satisfies satisfy satisfying scenario scenarios section seek seeks serve serves set
sets setting settings severe shed short show showed showing shown shows significance significant
significantly similar similarly simple simplest simultaneously single situation situations small smaller
solve solved solving sometimes special specific specifically springer stand starting state-of-art
state-of-the-art still straightforward strong strongly studied studies study studying subject substantial
substantially succeed successful successfully suffer suffers sufficient sufficiently suggest suggested
suggesting suggests suitable summarize summarized summary support supported supporting supports survey take
taken takes taking task tasks technique techniques tend tends term terms test tested thereof thorough
thoroughly thought title today tool tools topic topics total traditional traditionally treat treated try
turn turns typical typically ubiquitous unable understand understanding understood unified unique unknown
use used useful uses using usual usually utilise utilised utilize utilized utilizing valid validate
validated validity valuable variety various vary varying verified verify version view viewpoint vital want
way ways whenever whereby wide widely widespread work works worth year years yield yielded yielding yields
"""

GENERIC_HEADS = """
ability accuracy action activity advantage algorithm amount analysis answer application approach
architecture area argument assumption author base behavior behaviour benchmark benefit bound build
capability case category challenge change characteristic choice class classification collection combination
community comparison component computation concept condition configuration connection constraint
construction context contribution control correlation cost data dataset decrease definition degree design
detail development difference dimension direction distribution domain dynamics effect efficiency effort
element energy environment equation error estimate estimation evaluation evidence evolution example
existence experiment extension extent fact factor failure feature field finding form formalism formation
formula formulation framework frequency function gap generation goal group growth hypothesis idea impact
implementation information input insight instance interaction interpretation introduction issue kind
knowledge learning length level limit line list loss matter means measure measurement mechanism member
method methodology metric mode model modeling modelling motion network node number object observation
operation operator order output pair parameter part pattern performance perspective phase phenomena
phenomenon platform point position power prediction presence principle problem procedure process product
progress project proof property quality quantity question range rate ratio reason regime region relation
relationship representation resource response result role rule sample scale scenario scheme scope score
search section sequence series service set setting shape side signal significance simulation situation size
software solution source space stage standard state statement step strategy strength structure study subset
success support survey system task technique technology term test testing theorem theory time tool topic
training transition treatment trend type unit update usage user utility value variable variation view way
work world
"""

WEAK_STARTS = """
abstract additional advanced alternative analytical arbitrary average base best big central certain
classical common comparable complete complex complicated computational contained cost deep dense desired
different direct distinct earlier early effective efficient empirical end entire equal exact experimental
explicit extensive faster final fine finite first full fundamental further future general generic global
good great growing half hand hard hidden high higher highest identical important independent individual
infinite initial inner interesting intermediate internal joint key large larger largest last late later
latter least left linear local long longer longest low lower lowest main major mathematical maximal maximum
mean mild minimal minimum mixed modern modified multi multiple natural nearby necessary negative new non
non-trivial nontrivial normal novel numerical obvious old open optimal original other outer overall partial
particular performance physical positive potential practical precise present primary prior proper rapid rare
rather ready real real-world recent regular related relative relevant rich right rigorous robust same second
secondary serious short shorter shortest significant similar simple single slower small smaller sooner
special specific square stable standard state statistical strong sub substantial successful sufficient
suitable surrounding systematic theoretical third three top total traditional true two typical underlying
unexpected uniform unique universal unknown upper useful usual vast weak wide
"""

STOCK_PHRASES = """
analytical expression; analytical model; analytical result; analytical solution; baseline model; better
performance; better understanding; case study; central role; code available; computational complexity;
computational cost; computer simulation; crucial role; data set; efficient estimation; empirical data;
empirical evidence; empirical result; excellent agreement; existing method; experimental data; experimental
evidence; experimental result; experimental validation; extensive experiment; extensive experiments; first
time; future research; future work; general case; good agreement; high accuracy; high dimension; high
quality; highly parallel; important application; important problem; important role; key ingredient; key
role; large class; large number; large scale; length scale; long time; low cost; lower bound; main
contribution; main idea; main result; mathematical model; necessary condition; negative result; new
approach; new method; novel approach; numerical example; numerical experiment; numerical method; numerical
result; numerical simulation; open problem; open question; order of magnitude; orders of magnitude;
performance analysis; performance comparison; performance evaluation; point of view; point view; positive
result; potential application; practical application; present work; previous work; proof of concept; quality
evaluation; real data; real system; real world; recent work; running time; same time; side effect;
significant improvement; simulated data; simulation result; small number; small scale; source code; special
case; starting point; state of art; statistical analysis; sufficient condition; superior performance; test
case; theoretical analysis; theoretical model; theoretical result; time algorithm; time scale; upper bound;
vast majority; wide class; wide range; wide variety
"""

_CONNECTORS = "of de du des del di von da do"
_SUBJECTS = "we they can cannot could may might will would shall should must not to i you which that who also"
_COPULAS = "is are was were be been being become becomes very more most so too quite"
_DETERMINERS = """
the a an this these that those its their our his her how whether us them it
der die das ein eine le la les un une el los las il lo gli o os as um uma
"""

CONNECTORS = frozenset(_CONNECTORS.split())
"""Stop words a phrase may have inside: "density of states"."""

SUBJECTS = frozenset(_SUBJECTS.split())
"""Words after which a verb stands more often than a noun."""

COPULAS = frozenset(_COPULAS.split())
"""Words after which an adjective or participle stands."""

DETERMINERS = frozenset(_DETERMINERS.split())
"""Words that follow a verb more often than a noun."""

STOP_WORDS = frozenset((ENGLISH + OTHER_LANGUAGES + MEASURES + FOREIGN_MEASURES + FOREIGN_STOCK).split())
"""Never in a phrase, but for connectors inside one."""

GENERIC_WORDS = frozenset(GENERIC_HEADS.split())
"""Nouns that need another word beside them to say anything."""

WEAK_START_WORDS = frozenset(WEAK_STARTS.split()) - STOP_WORDS
"""Words that seldom begin a set phrase and never end one."""

STOCK_WORDS = frozenset(
    word for word in STOCK.split() if not {word, normal_form(word)} & (GENERIC_WORDS | WEAK_START_WORDS)
)
"""What abstracts are made of whatever they are about; never in a phrase."""

STOCK_KEYS = frozenset(
    tuple(map(normal_form, phrase.split())) for phrase in STOCK_PHRASES.replace("\n", " ").split(";")
)
"""Phrases of harmless words that say nothing together, as the normal forms of their words."""
