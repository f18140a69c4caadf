"""The containers that are opened as videos, by the names FFmpeg has for them.

Everything else is refused: playlists and manifests (they open other files and addresses),
text and subtitles, lists of pictures, raw samples, devices.
"""

DEMUXERS = (
    # In use today
    "mov,matroska,webm,avi,flv,live_flv,mpeg,mpegts,asf,ogg,mxf,nut,rm,wtv,dv,gxf,ivf,obu,"
    # Raw streams
    "h261,h263,h264,hevc,vvc,m4v,mpegvideo,cavsvideo,dirac,vc1,vc1test,av1,yuv4mpegpipe,"
    # Of older programs and devices
    "4xm,amv,bink,dhav,flic,film_cpk,filmstrip,ifv,kux,lmlm4,mtv,mv,nsv,nuv,pva,roq,rpl,smjpeg,"
    "smk,swf,thp,tmv,ty,vividas,vivo,yop"
)
