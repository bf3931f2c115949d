# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/ToolGateway.Host -c Release -o /app && mkdir /empty

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY policies /policies
# A volume takes over owner and mode of the folder that it is mounted on.
COPY --from=build --chown=65532:65532 /empty /audit
# The root file system may be read-only: only the audit volume is written to.
ENV DOTNET_EnableDiagnostics=0
VOLUME /audit
USER 65532:65532
EXPOSE 8443 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/app/toolgateway", "health", "http://127.0.0.1:8081/readyz"]
ENTRYPOINT ["/app/toolgateway"]
CMD ["serve", "--config", "/config/appsettings.json"]
